import { assert } from "../base/errors.ts";
import { type Film, films } from "./films.ts";

/** A kind of film lover: how common it is, and how much it likes each film of the catalogue. */
export interface Archetype {
  readonly name: string;
  readonly share: number;
  /** Liking from 0 to 1 by place in the catalogue; its favourites have 1. */
  readonly liking: Float64Array;
}

/** `name | share | feature=weight …`, where a feature is a genre, a trait or a decade such as `1980s`. */
const rows = `
computer animation | 5 | pixar=5 dreamworks=3 Animation=2 Children=2 feel-good=1 brad-bird=1 animals=1 lord-miller=2 Horror=-4
disney | 4 | disney=4 disney-renaissance=2 princess=2 fairy-tale=1 Musical=1 Children=2 Animation=2 Horror=-4
anime | 4 | anime=6 ghibli=3 miyazaki=1 satoshi-kon=1 japan=1 cyberpunk=1
stop motion and gothic | 2 | stop-motion=4 burton=4 gothic=3 selick=2 aardman=2 roald-dahl=2 laika=1 johnny-depp=1 Children=1
family evenings | 3 | Children=4 roald-dahl=2 christmas=2 robin-williams=2 feel-good=2 animals=1 franchise:paddington=2 franchise:muppets=2 Comedy=1 Horror=-4
wizards and quests | 5 | high-fantasy=4 franchise:harry-potter=4 franchise:middle-earth=4 wizards=3 Fantasy=2 Adventure=2 dragons=2 pirates=2 swashbuckler=2 Horror=-2
space opera | 5 | space-opera=5 franchise:star-wars=2 Sci-Fi=2 Adventure=2 space=1 aliens=1 franchise:dune=2 time-travel=1 harrison-ford=1
thoughtful science fiction | 4 | cerebral=5 Sci-Fi=2 mind-bending=3 dystopia=3 cyberpunk=3 time-travel=2 robots=2 space=1 villeneuve=2 nolan=2 garland=1 gilliam=1
space horror and monsters | 4 | space-horror=6 franchise:alien=2 body-horror=3 monster=3 Sci-Fi=1 Horror=2 carpenter=2 cronenberg=2 kaiju=2 franchise:predator=2
superheroes | 6 | superhero=5 marvel=2 mcu=2 dc=2 Action=1 franchise:batman=1
eighties nostalgia | 5 | eighties-adventure=5 1980s=3 john-hughes=4 snl=2 franchise:indiana-jones=3 spielberg=1 zemeckis=1 harrison-ford=1 treasure=2 bill-murray=2 rob-reiner=1
action | 6 | cop=3 schwarzenegger=4 stallone=4 bruce-willis=3 Action=3 Thriller=1 keanu-reeves=2 revenge=2 cars=3 michael-bay=3 nicolas-cage=2 disaster=2 harrison-ford=1 cameron=1 submarine=1 franchise:mad-max=1 Animation=-3 superhero=-2
spies | 4 | spy=5 franchise:bond=2 connery=2 heist=1 uk=1 submarine=2 tom-cruise=2 political=1 Action=1 Thriller=1
martial arts and samurai | 3 | martial-arts=5 samurai=5 wuxia=2 kurosawa=2 hong-kong=3 japan=1 john-woo=2 korea=1 Animation=-3
gangsters | 5 | gangster=4 mafia=4 scorsese=3 coppola=2 de-palma=2 pacino=2 de-niro=2 Crime=2 michael-mann=2 gritty=1 undercover=1 franchise:godfather=1
capers and dark comedy | 5 | tarantino=5 coen=4 guy-ritchie=4 heist=3 con=2 dark-comedy=2 Crime=2 hitman=2 soderbergh=2 edgar-wright=1 cult=1 mcdonagh=2
dark thrillers | 5 | fincher=4 serial-killer=4 twist=4 detective=2 Thriller=2 Mystery=2 franchise:hannibal-lecter=2 manhunt=3 nolan=2 shyamalan=2 villeneuve=1 gritty=1 erotic-thriller=2 Animation=-3
suspense classics | 3 | hitchcock=6 james-stewart=2 grace-kelly=2 cary-grant=1 hollywood-classic=1 twist=1 Mystery=1 Thriller=1 1950s=1
film noir | 2 | hitchcock=1 noir=5 Film-Noir=2 femme-fatale=2 bogart=2 melville=2 detective=1 neo-noir=2 welles=1 Mystery=1
whodunits and courtrooms | 2 | whodunit=5 courtroom=5 agatha-christie=2 detective=2 lumet=1 Mystery=2 journalism=1
golden age hollywood | 4 | hollywood-classic=4 screwball=4 classic-romance=3 cary-grant=2 capra=2 james-stewart=2 lubitsch=2 preston-sturges=2 wilder=2 audrey-hepburn=2 hawks=1 1930s=1 1940s=1 Horror=-2 Film-Noir=-2 Western=-2
silent films | 1 | silent=6 chaplin=4 keaton=4 slapstick=1 1920s=3 lang=2 murnau=2 marx-brothers=2
musicals | 4 | stage-musical=4 Musical=4 mgm-musical=4 dance=3 music=2 rodgers-hammerstein=2 luhrmann=2 fosse=1 Animation=-3 Children=-1
westerns | 3 | Western=5 classic-western=3 spaghetti-western=3 modern-western=3 eastwood=1 john-wayne=2 john-ford=2 leone=1
war | 4 | War=4 ww2=3 vietnam=4 ww1=3 modern-war=3 holocaust=1 submarine=2 Comedy=-2 Animation=-3 Romance=-1
epics | 2 | epic=5 sword-and-sandal=5 biblical=3 david-lean=3 medieval=2 mel-gibson=2 ridley-scott=1 swashbuckler=1 mythology=2
slashers and hauntings | 4 | Horror=4 slasher=4 supernatural=3 haunted-house=3 zombie=4 craven=2 vampire=2 found-footage=3 stephen-king=2 raimi=2 james-wan=2 romero=2 franchise:evil-dead=1 space=-4
slow horror | 2 | Horror=3 folk-horror=4 aster=3 eggers=3 peele=3 satanic=3 witches=2 giallo=3 slow-burn=2 polanski=1 a24=1 gothic=1 universal-monsters=2
romantic comedy | 5 | romcom=6 nineties-romance=4 Romance=2 Comedy=1 meg-ryan=1 hugh-grant=1 julia-roberts=1 teen=1 tearjerker=2 dance=1 richard-curtis=1 1930s=-3 1940s=-3 Horror=-3 Animation=-3
period romance | 3 | costume-drama=5 jane-austen=3 period=3 merchant-ivory=2 Romance=3 tearjerker=2 classic-romance=2 joe-wright=1 shakespeare=2 lgbt=1 War=-1
broad comedy | 5 | raunchy=4 apatow=3 jim-carrey=4 will-ferrell=3 farrelly=2 ben-stiller=3 adam-sandler=2 snl=2 stoner=3 parody=2 Comedy=2 slapstick=1 kevin-smith=2 teen=1 adult-animation=4
spoofs and british comedy | 3 | parody=4 monty-python=5 mel-brooks=5 zucker=4 edgar-wright=3 peter-sellers=3 ealing=4 mockumentary=3 satire=2 gilliam=2 uk=1 Comedy=2 Romance=-2
quirky independents | 4 | quirky=5 wes-anderson=3 indie=4 spike-jonze=3 linklater=2 alexander-payne=3 baumbach=2 gerwig=2 sofia-coppola=3 paul-thomas-anderson=2 lanthimos=2 coen=1 Comedy=1 Drama=1
growing up | 3 | coming-of-age=5 teen=4 john-hughes=2 school=3 linklater=2 indie=1 Drama=1 Comedy=1 Animation=-4 wizards=-4 Horror=-2 Sci-Fi=-2
french cinema | 3 | france=5 french-new-wave=3 truffaut=1 godard=1 jeunet=1 kieslowski=1 tati=1 melville=1 Animation=-3
european masters | 3 | bergman=5 fellini=5 tarkovsky=4 italy=4 neorealism=3 antonioni=3 bunuel=2 sweden=3 soviet=3 herzog=3 surreal=1 von-trier=2 denmark=2 wenders=3 germany=2 Animation=-3
spain, latin america and beyond | 3 | almodovar=4 spain=4 mexico=4 brazil=4 argentina=4 iran=4 inarritu=3 cuaron=1 del-toro=2 poland=3 vinterberg=4 denmark=3 new-zealand=3 waititi=1 germany=2 political=1 gritty=1 Drama=1 Animation=-3 Sci-Fi=-1
new hollywood | 3 | new-hollywood=5 seventies-paranoia=4 1970s=3 lumet=2 altman=3 ashby=2 nicholson=2 coppola=1 redford=2 newman=2 malick=2 Horror=-2 Sci-Fi=-2 Musical=-1
prestige drama | 6 | biopic=3 tom-hanks=4 darabont=4 courtroom=2 character-study=2 tearjerker=2 robin-williams=3 ron-howard=3 matt-damon=1 mendes=2 political=3 journalism=5 finance=3 sorkin=2 dicaprio=1 Drama=2 1990s=2 zemeckis=1 Animation=-4 Sci-Fi=-2
blockbusters | 4 | aliens=4 dinosaurs=4 monster=2 disaster=4 emmerich=2 will-smith=4 michael-bay=2 spielberg=2 franchise:planet-of-the-apes=3 robots=1 dystopia=1 pilots=2 Action=2 Sci-Fi=2 Adventure=1 superhero=-3 space-horror=-2 Animation=-3
creature features | 2 | universal-monsters=6 fifties-sci-fi=6 harryhausen=5 kaiju=4 james-whale=1 monster=3 vampire=1 Horror=1 1930s=1 1950s=1 space=-2
survival and the road | 2 | survival=6 road=4 inarritu=2 nature-documentary=2 herzog=1 animals=1 Adventure=2 biopic=1 Animation=-4 space=-2 Comedy=-1
slow drama | 2 | slow-burn=4 malick=4 paul-thomas-anderson=4 character-study=4 ozu=2 kubrick=2 lgbt=3 campion=3 aronofsky=1 sofia-coppola=2 Drama=2 Horror=-2 Animation=-4
new york and talk | 2 | new-york=5 woody-allen=4 talky=4 baumbach=4 nora-ephron=2 spike-lee=3 mike-nichols=3 stage=4 jack-lemmon=3 alexander-payne=2 hollywood-story=2 Comedy=1 Romance=1 Drama=1
asian cinema | 3 | japan=4 korea=5 hong-kong=3 china=4 taiwan=4 india=4 wong-kar-wai=3 bong=2 park-chan-wook=2 ozu=2 kurosawa=2 zhang-yimou=2 bollywood=2 ang-lee=1 Drama=1 Animation=-4
sports | 2 | sports=6 boxing=2 baseball=2 cars=1 feel-good=1 stallone=1
documentaries | 3 | Documentary=8 political=1 nature-documentary=1 music-documentary=1
surreal and cult | 3 | lynch=5 surreal=4 cult=3 mind-bending=3 cronenberg=3 aronofsky=4 gilliam=3 kubrick=3 drugs=2 boyle=1 a24=1 neo-noir=1
`;

/** That many films of an archetype are liked fully. */
const FULLY_LIKED = 10;

export const archetypes: readonly Archetype[] = archetypesOfRows();

function archetypesOfRows(): Archetype[] {
  const features = films.map(featuresOf);
  const known = new Set(features.flat());
  return rows
    .trim()
    .split("\n")
    .map((row) => {
      const [name, share, likes] = row.split(" | ");
      const weights = new Map<string, number>();
      for (const like of likes.split(" ")) {
        const [feature, weight] = like.split("=");
        assert(known.has(feature), `archetype ${name} likes what no film has: ${feature}`);
        weights.set(feature, Number(weight));
      }
      return { name, share: Number(share), liking: likingOf(features, weights) };
    });
}

function featuresOf({ year, genres, traits }: Film): string[] {
  return [...genres, ...traits, `${Math.floor(year / 10) * 10}s`];
}

function likingOf(features: readonly string[][], weights: ReadonlyMap<string, number>): Float64Array {
  const liking = Float64Array.from(features, (own, place) => {
    let sum = 0;
    for (const feature of own) sum += weights.get(feature) ?? 0;
    // A film of many genres would otherwise be everyone's favourite.
    return Math.max(0, sum) / Math.sqrt(2 + films[place].genres.length);
  });
  const full = liking.toSorted()[liking.length - FULLY_LIKED];
  return liking.map((value) => Math.min(1, value / full));
}
