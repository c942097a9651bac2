/** Films from outside Hollywood; `rows.ts` describes a row. */
export const world = `
Rashomon | 1950 | 5 | Crime Drama Mystery | kurosawa samurai japan
Ikiru | 1952 | 4 | Drama | kurosawa japan tearjerker
Seven Samurai | 1954 | 7 | Action Adventure Drama | kurosawa samurai japan epic
Throne of Blood | 1957 | 3 | Drama Thriller War | kurosawa samurai japan shakespeare
The Hidden Fortress | 1958 | 3 | Action Adventure | kurosawa samurai japan
Yojimbo | 1961 | 5 | Action Adventure | kurosawa samurai japan
Sanjuro | 1962 | 3 | Action Adventure Drama | kurosawa samurai japan
High and Low | 1963 | 3 | Crime Drama Film-Noir Thriller | kurosawa japan detective
Ran | 1985 | 5 | Drama War | kurosawa samurai japan epic shakespeare
Harakiri | 1962 | 3 | Drama | samurai japan revenge
Tokyo Story | 1953 | 4 | Drama | ozu japan slow-burn
Late Spring | 1949 | 2 | Drama | ozu japan slow-burn
Ugetsu | 1953 | 3 | Drama Fantasy War | japan
Battle Royale | 2000 | 4 | Action Drama Horror Thriller | japan dystopia teen
Shoplifters | 2018 | 3 | Crime Drama | japan
Drive My Car | 2021 | 3 | Drama | japan slow-burn
Departures | 2008 | 3 | Drama | japan tearjerker
Shall We Dance? | 1996 | 3 | Comedy Drama Romance | japan dance feel-good
Tampopo | 1985 | 3 | Comedy | japan food quirky
Oldboy | 2003 | 6 | Mystery Thriller | park-chan-wook korea revenge twist
The Handmaiden | 2016 | 4 | Drama Romance Thriller | park-chan-wook korea twist
Memories of Murder | 2003 | 4 | Crime Drama Mystery Thriller | bong korea detective serial-killer
The Host | 2006 | 4 | Comedy Drama Horror Sci-Fi Thriller | bong korea monster
Parasite | 2019 | 6 | Comedy Drama Thriller | bong korea satire twist
Burning | 2018 | 3 | Drama Mystery | korea slow-burn
Chungking Express | 1994 | 4 | Drama Mystery Romance | wong-kar-wai hong-kong
Happy Together | 1997 | 3 | Drama Romance | wong-kar-wai hong-kong lgbt
In the Mood for Love | 2000 | 5 | Drama Romance | wong-kar-wai hong-kong slow-burn
Infernal Affairs | 2002 | 4 | Crime Drama Thriller | hong-kong undercover cop gangster
Raise the Red Lantern | 1991 | 4 | Drama | zhang-yimou china period
Farewell My Concubine | 1993 | 4 | Drama Romance | china period lgbt
Eat Drink Man Woman | 1994 | 4 | Comedy Drama Romance | ang-lee taiwan food
Yi Yi | 2000 | 3 | Drama | taiwan slow-burn
Pather Panchali | 1955 | 3 | Drama | india coming-of-age
Lagaan | 2001 | 3 | Comedy Drama Musical Romance | india sports bollywood
3 Idiots | 2009 | 4 | Comedy Drama Romance | india bollywood school
RRR | 2022 | 3 | Action Adventure Drama | india epic
Monsoon Wedding | 2001 | 3 | Comedy Drama Romance | india
Close-Up | 1990 | 2 | Documentary Drama | iran kiarostami
Taste of Cherry | 1997 | 2 | Drama | iran kiarostami slow-burn
A Separation | 2011 | 4 | Drama | iran
Grand Illusion | 1937 | 4 | Drama War | renoir france ww1
The Rules of the Game | 1939 | 4 | Comedy Drama | renoir france satire
Children of Paradise | 1945 | 3 | Drama Romance | france period
Beauty and the Beast | 1946 | 3 | Drama Fantasy | france fairy-tale surreal
Mr. Hulot's Holiday | 1953 | 3 | Comedy | france tati slapstick
Playtime | 1967 | 3 | Comedy | france tati slapstick satire
The 400 Blows | 1959 | 5 | Crime Drama | truffaut france french-new-wave coming-of-age
Jules and Jim | 1962 | 4 | Drama Romance | truffaut france french-new-wave
Day for Night | 1973 | 3 | Comedy Drama Romance | truffaut france hollywood-story
Breathless | 1960 | 5 | Crime Drama Romance | godard france french-new-wave
Contempt | 1963 | 3 | Drama | godard france french-new-wave
Alphaville | 1965 | 3 | Drama Mystery Romance Sci-Fi Thriller | godard france french-new-wave dystopia
Cléo from 5 to 7 | 1962 | 3 | Drama | france french-new-wave
Hiroshima Mon Amour | 1959 | 3 | Drama Romance War | france french-new-wave
Belle de Jour | 1967 | 3 | Drama | bunuel france surreal
The Discreet Charm of the Bourgeoisie | 1972 | 3 | Comedy Drama Fantasy | bunuel france surreal satire
Jean de Florette | 1986 | 3 | Drama Mystery | france period
Cyrano de Bergerac | 1990 | 4 | Comedy Drama Romance | france period swashbuckler
Delicatessen | 1991 | 4 | Comedy Drama Romance | jeunet france quirky dystopia dark-comedy
The City of Lost Children | 1995 | 4 | Adventure Drama Fantasy Mystery Sci-Fi | jeunet france quirky fairy-tale
Amélie | 2001 | 8 | Comedy Romance | jeunet france quirky feel-good
Three Colors: Blue | 1993 | 4 | Drama | kieslowski france franchise:three-colors poland
Three Colors: White | 1994 | 3 | Comedy Drama Romance | kieslowski france franchise:three-colors poland
Three Colors: Red | 1994 | 4 | Drama | kieslowski france franchise:three-colors poland
La Haine | 1995 | 4 | Crime Drama | france gritty
Run Lola Run | 1998 | 6 | Action Crime | germany mind-bending
Caché | 2005 | 3 | Drama Mystery Thriller | haneke france slow-burn
Amour | 2012 | 3 | Drama Romance | haneke france tearjerker
The Intouchables | 2011 | 6 | Comedy Drama | france feel-good buddy
Blue Is the Warmest Color | 2013 | 3 | Drama Romance | france lgbt coming-of-age
Anatomy of a Fall | 2023 | 3 | Crime Drama Mystery Thriller | france courtroom
The Artist | 2011 | 5 | Comedy Drama Romance | france silent hollywood-story
Bicycle Thieves | 1948 | 5 | Drama | italy neorealism de-sica
Rome, Open City | 1945 | 3 | Drama War | italy neorealism ww2
Umberto D. | 1952 | 2 | Drama | italy neorealism de-sica
La Strada | 1954 | 4 | Drama | italy fellini
Nights of Cabiria | 1957 | 3 | Drama | italy fellini
La Dolce Vita | 1960 | 5 | Drama | italy fellini
8½ | 1963 | 5 | Drama Fantasy | italy fellini surreal hollywood-story
Amarcord | 1973 | 3 | Comedy Drama | italy fellini coming-of-age
L'Avventura | 1960 | 3 | Drama Mystery Romance | italy antonioni slow-burn
Blow-Up | 1966 | 4 | Drama Mystery Thriller | antonioni uk slow-burn
The Leopard | 1963 | 3 | Drama War | italy period epic
The Conformist | 1970 | 3 | Drama War | italy bertolucci political
Cinema Paradiso | 1988 | 6 | Drama | italy coming-of-age tearjerker
The Postman | 1994 | 5 | Comedy Drama Romance | italy feel-good
The Great Beauty | 2013 | 3 | Comedy Drama | italy
The Seventh Seal | 1957 | 6 | Drama | bergman sweden medieval
Wild Strawberries | 1957 | 4 | Drama | bergman sweden
Persona | 1966 | 4 | Drama | bergman sweden surreal
Fanny and Alexander | 1982 | 4 | Drama Fantasy Mystery | bergman sweden period
My Life as a Dog | 1985 | 3 | Comedy Drama | sweden coming-of-age
Babette's Feast | 1987 | 3 | Drama | denmark food period
The Celebration | 1998 | 4 | Drama | denmark
Breaking the Waves | 1996 | 4 | Drama Mystery | denmark von-trier
Dogville | 2003 | 4 | Drama Mystery Thriller | denmark von-trier
Melancholia | 2011 | 4 | Drama Sci-Fi | denmark von-trier slow-burn
The Hunt | 2012 | 4 | Drama | denmark vinterberg
Another Round | 2020 | 3 | Comedy Drama | denmark vinterberg
The Worst Person in the World | 2021 | 3 | Comedy Drama Romance | indie coming-of-age
Battleship Potemkin | 1925 | 4 | Drama War | silent soviet
Andrei Rublev | 1966 | 3 | Drama War | tarkovsky soviet slow-burn medieval
Solaris | 1972 | 4 | Drama Mystery Sci-Fi | tarkovsky soviet slow-burn space cerebral
Mirror | 1975 | 3 | Drama | tarkovsky soviet slow-burn
Stalker | 1979 | 4 | Drama Mystery Sci-Fi | tarkovsky soviet slow-burn cerebral
Aguirre, the Wrath of God | 1972 | 4 | Adventure Drama | herzog germany
Fitzcarraldo | 1982 | 3 | Adventure Drama | herzog germany
Ali: Fear Eats the Soul | 1974 | 2 | Drama Romance | germany
Wings of Desire | 1987 | 4 | Drama Fantasy Romance | wenders germany slow-burn
Good Bye Lenin! | 2003 | 4 | Comedy Drama | germany political
The Lives of Others | 2006 | 6 | Drama Romance Thriller | germany spy political
The Exterminating Angel | 1962 | 3 | Comedy Drama Fantasy Mystery | bunuel mexico surreal
Amores Perros | 2000 | 4 | Drama Thriller | inarritu mexico gritty
Y Tu Mamá También | 2001 | 5 | Drama Romance | cuaron mexico road coming-of-age
Roma | 2018 | 4 | Drama | cuaron mexico slow-burn
City of God | 2002 | 7 | Action Adventure Crime Drama Thriller | brazil gangster gritty coming-of-age
Central Station | 1998 | 4 | Drama | brazil road tearjerker
The Motorcycle Diaries | 2004 | 4 | Adventure Drama | road biopic argentina
The Secret in Their Eyes | 2009 | 4 | Crime Drama Mystery Romance Thriller | argentina detective twist
Wild Tales | 2014 | 3 | Comedy Drama Thriller | argentina dark-comedy revenge
The Spirit of the Beehive | 1973 | 2 | Drama Fantasy | spain slow-burn
Women on the Verge of a Nervous Breakdown | 1988 | 3 | Comedy Drama | almodovar spain
All About My Mother | 1999 | 4 | Drama | almodovar spain lgbt
Talk to Her | 2002 | 4 | Drama Romance | almodovar spain
Volver | 2006 | 4 | Comedy Crime Drama | almodovar spain
Black Orpheus | 1959 | 3 | Drama Romance | brazil music mythology
Once Were Warriors | 1994 | 3 | Crime Drama | new-zealand gritty
Hunt for the Wilderpeople | 2016 | 4 | Adventure Comedy | waititi new-zealand quirky
The Red Shoes | 1948 | 4 | Drama Musical Romance | michael-powell uk dance
Black Narcissus | 1947 | 3 | Drama | michael-powell uk
A Matter of Life and Death | 1946 | 3 | Drama Fantasy Romance | michael-powell uk ww2
Mustang | 2015 | 2 | Drama | coming-of-age
Capernaum | 2018 | 3 | Drama | gritty
Ida | 2013 | 3 | Drama | poland slow-burn
`;
