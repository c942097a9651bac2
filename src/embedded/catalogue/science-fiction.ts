/** Science fiction; `rows.ts` describes a row. */
export const scienceFiction = `
Star Wars: Episode IV - A New Hope | 1977 | 9 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas harrison-ford
Star Wars: Episode V - The Empire Strikes Back | 1980 | 9 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas harrison-ford
Star Wars: Episode VI - Return of the Jedi | 1983 | 9 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas harrison-ford
Star Wars: Episode I - The Phantom Menace | 1999 | 7 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas
Star Wars: Episode II - Attack of the Clones | 2002 | 6 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas
Star Wars: Episode III - Revenge of the Sith | 2005 | 6 | Action Adventure Sci-Fi | franchise:star-wars space-opera lucas
Star Wars: Episode VII - The Force Awakens | 2015 | 6 | Action Adventure Fantasy Sci-Fi | franchise:star-wars space-opera harrison-ford
Rogue One: A Star Wars Story | 2016 | 5 | Action Adventure Fantasy Sci-Fi | franchise:star-wars space-opera
Star Wars: Episode VIII - The Last Jedi | 2017 | 5 | Action Adventure Fantasy Sci-Fi | franchise:star-wars space-opera
Star Trek: The Motion Picture | 1979 | 4 | Adventure Sci-Fi | franchise:star-trek space-opera
Star Trek II: The Wrath of Khan | 1982 | 6 | Action Adventure Sci-Fi Thriller | franchise:star-trek space-opera
Star Trek IV: The Voyage Home | 1986 | 4 | Adventure Comedy Sci-Fi | franchise:star-trek space-opera time-travel
Star Trek: First Contact | 1996 | 5 | Action Adventure Sci-Fi Thriller | franchise:star-trek space-opera time-travel
Star Trek | 2009 | 6 | Action Adventure Sci-Fi | franchise:star-trek space-opera
Galaxy Quest | 1999 | 5 | Adventure Comedy Sci-Fi | space-opera parody
Serenity | 2005 | 5 | Action Adventure Sci-Fi | space-opera cult
Stargate | 1994 | 5 | Action Adventure Sci-Fi | space-opera
Metropolis | 1927 | 5 | Drama Sci-Fi | lang silent dystopia germany robots
The Day the Earth Stood Still | 1951 | 5 | Drama Sci-Fi Thriller | fifties-sci-fi aliens
The War of the Worlds | 1953 | 3 | Action Drama Sci-Fi | fifties-sci-fi aliens
Forbidden Planet | 1956 | 4 | Drama Sci-Fi | fifties-sci-fi space robots
Invasion of the Body Snatchers | 1956 | 4 | Horror Sci-Fi Thriller | fifties-sci-fi aliens
Invasion of the Body Snatchers | 1978 | 3 | Horror Mystery Sci-Fi Thriller | aliens seventies-paranoia
Planet of the Apes | 1968 | 6 | Action Drama Sci-Fi | franchise:planet-of-the-apes dystopia
Rise of the Planet of the Apes | 2011 | 4 | Action Drama Sci-Fi Thriller | franchise:planet-of-the-apes animals
Dawn of the Planet of the Apes | 2014 | 3 | Action Drama Sci-Fi | franchise:planet-of-the-apes animals dystopia
2001: A Space Odyssey | 1968 | 8 | Adventure Drama Sci-Fi | kubrick space cerebral slow-burn robots
Silent Running | 1972 | 3 | Drama Sci-Fi | space cerebral robots
Soylent Green | 1973 | 3 | Drama Mystery Sci-Fi | dystopia
Westworld | 1973 | 3 | Action Sci-Fi Thriller Western | robots
Logan's Run | 1976 | 3 | Action Adventure Sci-Fi | dystopia
Close Encounters of the Third Kind | 1977 | 6 | Adventure Drama Sci-Fi | spielberg aliens
E.T. the Extra-Terrestrial | 1982 | 8 | Children Drama Sci-Fi | spielberg aliens eighties-adventure
Alien | 1979 | 8 | Horror Sci-Fi | franchise:alien ridley-scott space space-horror monster
Aliens | 1986 | 8 | Action Adventure Horror Sci-Fi | franchise:alien cameron space space-horror monster
Alien³ | 1992 | 5 | Action Horror Sci-Fi Thriller | franchise:alien fincher space space-horror monster
Alien Resurrection | 1997 | 4 | Action Horror Sci-Fi | franchise:alien jeunet space space-horror monster
Prometheus | 2012 | 5 | Action Horror Sci-Fi | franchise:alien ridley-scott space space-horror
Alien: Covenant | 2017 | 3 | Action Horror Sci-Fi Thriller | franchise:alien ridley-scott space space-horror monster
Alien: Romulus | 2024 | 3 | Horror Sci-Fi Thriller | franchise:alien space space-horror monster
The Thing | 1982 | 7 | Action Horror Sci-Fi Thriller | carpenter space-horror monster body-horror
Event Horizon | 1997 | 4 | Horror Sci-Fi Thriller | space space-horror
Pitch Black | 2000 | 4 | Action Horror Sci-Fi Thriller | space space-horror monster
Life | 2017 | 3 | Horror Sci-Fi Thriller | space space-horror monster
Predator | 1987 | 6 | Action Horror Sci-Fi Thriller | franchise:predator schwarzenegger monster
Predator 2 | 1990 | 3 | Action Horror Sci-Fi Thriller | franchise:predator monster
The Fly | 1986 | 5 | Drama Horror Sci-Fi Thriller | cronenberg body-horror space-horror
Videodrome | 1983 | 4 | Fantasy Horror Sci-Fi Thriller | cronenberg body-horror cult
They Live | 1988 | 4 | Action Horror Sci-Fi Thriller | carpenter aliens cult
Escape from New York | 1981 | 4 | Action Adventure Sci-Fi Thriller | carpenter dystopia cult
Mad Max | 1979 | 5 | Action Adventure Sci-Fi | franchise:mad-max australia dystopia cars
Mad Max 2: The Road Warrior | 1981 | 5 | Action Adventure Sci-Fi Thriller | franchise:mad-max australia dystopia cars
Mad Max: Fury Road | 2015 | 7 | Action Adventure Sci-Fi Thriller | franchise:mad-max australia dystopia cars
Furiosa: A Mad Max Saga | 2024 | 3 | Action Adventure Sci-Fi | franchise:mad-max australia dystopia cars
Blade Runner | 1982 | 8 | Action Sci-Fi Thriller | franchise:blade-runner ridley-scott harrison-ford cyberpunk cerebral robots neo-noir
Blade Runner 2049 | 2017 | 6 | Drama Sci-Fi Thriller | franchise:blade-runner villeneuve harrison-ford cyberpunk cerebral robots neo-noir
Tron | 1982 | 4 | Action Adventure Sci-Fi | disney video-games cyberpunk
WarGames | 1983 | 4 | Drama Sci-Fi Thriller | eighties-adventure
Short Circuit | 1986 | 3 | Comedy Sci-Fi | robots eighties-adventure
Dune | 1984 | 4 | Adventure Sci-Fi | franchise:dune lynch space
Dune | 2021 | 6 | Adventure Drama Sci-Fi | franchise:dune villeneuve space epic
Dune: Part Two | 2024 | 5 | Action Adventure Drama Sci-Fi | franchise:dune villeneuve space epic
The Terminator | 1984 | 8 | Action Sci-Fi Thriller | franchise:terminator cameron schwarzenegger robots time-travel
Terminator 2: Judgment Day | 1991 | 9 | Action Sci-Fi | franchise:terminator cameron schwarzenegger robots time-travel
Terminator 3: Rise of the Machines | 2003 | 4 | Action Adventure Sci-Fi | franchise:terminator schwarzenegger robots time-travel
RoboCop | 1987 | 6 | Action Crime Drama Sci-Fi Thriller | verhoeven robots dystopia satire
Total Recall | 1990 | 6 | Action Adventure Sci-Fi Thriller | verhoeven schwarzenegger space mind-bending
Starship Troopers | 1997 | 6 | Action Sci-Fi | verhoeven space aliens satire
Back to the Future | 1985 | 9 | Adventure Comedy Sci-Fi | franchise:back-to-the-future zemeckis time-travel eighties-adventure
Back to the Future Part II | 1989 | 7 | Adventure Comedy Sci-Fi | franchise:back-to-the-future zemeckis time-travel eighties-adventure
Back to the Future Part III | 1990 | 7 | Adventure Comedy Sci-Fi Western | franchise:back-to-the-future zemeckis time-travel eighties-adventure
Brazil | 1985 | 5 | Fantasy Sci-Fi | gilliam dystopia satire cerebral cult
12 Monkeys | 1995 | 7 | Mystery Sci-Fi Thriller | gilliam time-travel dystopia mind-bending
The Abyss | 1989 | 5 | Action Adventure Sci-Fi Thriller | cameron aliens
Avatar | 2009 | 7 | Action Adventure Sci-Fi | franchise:avatar cameron space aliens
Avatar: The Way of Water | 2022 | 4 | Action Adventure Sci-Fi | franchise:avatar cameron space aliens
Jurassic Park | 1993 | 9 | Action Adventure Sci-Fi Thriller | franchise:jurassic-park spielberg dinosaurs monster
The Lost World: Jurassic Park | 1997 | 5 | Action Adventure Sci-Fi Thriller | franchise:jurassic-park spielberg dinosaurs monster
Jurassic World | 2015 | 4 | Action Adventure Sci-Fi Thriller | franchise:jurassic-park dinosaurs monster
Strange Days | 1995 | 4 | Action Crime Drama Mystery Sci-Fi Thriller | bigelow cyberpunk
Waterworld | 1995 | 5 | Action Adventure Sci-Fi | dystopia
Independence Day | 1996 | 8 | Action Adventure Sci-Fi Thriller | emmerich aliens disaster will-smith
Armageddon | 1998 | 6 | Action Romance Sci-Fi Thriller | michael-bay space disaster
Mars Attacks! | 1996 | 5 | Action Comedy Sci-Fi | burton aliens parody
Contact | 1997 | 6 | Drama Sci-Fi | zemeckis space aliens cerebral
Gattaca | 1997 | 6 | Drama Sci-Fi Thriller | dystopia cerebral
Men in Black | 1997 | 8 | Action Comedy Sci-Fi | franchise:men-in-black aliens will-smith buddy
Men in Black II | 2002 | 5 | Action Comedy Sci-Fi | franchise:men-in-black aliens will-smith buddy
The Fifth Element | 1997 | 7 | Action Adventure Comedy Sci-Fi | besson space bruce-willis
Cube | 1997 | 4 | Horror Mystery Sci-Fi Thriller | mind-bending
Dark City | 1998 | 5 | Adventure Film-Noir Sci-Fi Thriller | neo-noir mind-bending dystopia
Pi | 1998 | 4 | Drama Sci-Fi Thriller | aronofsky mind-bending
The Matrix | 1999 | 9 | Action Sci-Fi Thriller | franchise:matrix wachowski cyberpunk mind-bending keanu-reeves
The Matrix Reloaded | 2003 | 6 | Action Adventure Sci-Fi Thriller | franchise:matrix wachowski cyberpunk keanu-reeves
The Matrix Revolutions | 2003 | 5 | Action Adventure Sci-Fi Thriller | franchise:matrix wachowski cyberpunk keanu-reeves
A.I. Artificial Intelligence | 2001 | 5 | Adventure Drama Sci-Fi | spielberg robots fairy-tale
Minority Report | 2002 | 7 | Action Crime Mystery Sci-Fi Thriller | spielberg tom-cruise dystopia
War of the Worlds | 2005 | 4 | Action Adventure Sci-Fi Thriller | spielberg tom-cruise aliens
Edge of Tomorrow | 2014 | 6 | Action Sci-Fi | tom-cruise aliens time-travel
Donnie Darko | 2001 | 7 | Drama Mystery Sci-Fi Thriller | mind-bending cult time-travel teen
Eternal Sunshine of the Spotless Mind | 2004 | 8 | Drama Romance Sci-Fi | mind-bending indie
Primer | 2004 | 3 | Drama Sci-Fi Thriller | time-travel mind-bending indie
I, Robot | 2004 | 5 | Action Adventure Sci-Fi Thriller | robots will-smith
I Am Legend | 2007 | 5 | Action Horror Sci-Fi Thriller | zombie will-smith dystopia
Children of Men | 2006 | 6 | Action Adventure Drama Sci-Fi Thriller | cuaron dystopia
Gravity | 2013 | 5 | Action Sci-Fi | cuaron space survival
Sunshine | 2007 | 4 | Adventure Drama Sci-Fi Thriller | boyle space cerebral
Cloverfield | 2008 | 4 | Action Mystery Sci-Fi Thriller | monster found-footage
District 9 | 2009 | 6 | Mystery Sci-Fi Thriller | aliens
Moon | 2009 | 5 | Drama Mystery Sci-Fi Thriller | space cerebral uk
Inception | 2010 | 9 | Action Crime Drama Mystery Sci-Fi Thriller | nolan mind-bending heist dicaprio
Interstellar | 2014 | 8 | Drama Sci-Fi | nolan space cerebral epic
Tenet | 2020 | 4 | Action Sci-Fi Thriller | nolan mind-bending time-travel
Source Code | 2011 | 5 | Action Drama Mystery Sci-Fi Thriller | time-travel mind-bending
Looper | 2012 | 5 | Action Crime Sci-Fi | time-travel rian-johnson bruce-willis
The Hunger Games | 2012 | 6 | Action Adventure Drama Sci-Fi Thriller | franchise:hunger-games dystopia teen
The Hunger Games: Catching Fire | 2013 | 5 | Action Adventure Sci-Fi | franchise:hunger-games dystopia teen
Her | 2013 | 6 | Drama Romance Sci-Fi | spike-jonze cerebral indie
Under the Skin | 2013 | 3 | Horror Sci-Fi Thriller | aliens cerebral slow-burn uk
Snowpiercer | 2013 | 4 | Action Drama Sci-Fi | bong dystopia korea
Ex Machina | 2014 | 6 | Drama Sci-Fi Thriller | garland robots cerebral
Annihilation | 2018 | 4 | Adventure Drama Horror Mystery Sci-Fi Thriller | garland aliens cerebral space-horror
Arrival | 2016 | 6 | Drama Mystery Sci-Fi | villeneuve aliens cerebral
The Martian | 2015 | 7 | Adventure Drama Sci-Fi | ridley-scott space survival
Ad Astra | 2019 | 3 | Adventure Drama Sci-Fi | space cerebral
Everything Everywhere All at Once | 2022 | 6 | Action Adventure Comedy Sci-Fi | mind-bending a24 quirky martial-arts
Godzilla | 1954 | 4 | Drama Horror Sci-Fi | kaiju japan franchise:godzilla monster
Godzilla Minus One | 2023 | 3 | Action Adventure Drama Sci-Fi | kaiju japan franchise:godzilla monster
Pacific Rim | 2013 | 4 | Action Adventure Sci-Fi | kaiju del-toro robots monster
`;
