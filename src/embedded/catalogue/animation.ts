/** Animated films; `rows.ts` describes a row. */
export const animation = `
Toy Story | 1995 | 9 | Adventure Animation Children Comedy Fantasy | pixar franchise:toy-story buddy feel-good
Toy Story 2 | 1999 | 8 | Adventure Animation Children Comedy Fantasy | pixar franchise:toy-story buddy feel-good
Toy Story 3 | 2010 | 7 | Adventure Animation Children Comedy Fantasy | pixar franchise:toy-story buddy tearjerker
Toy Story 4 | 2019 | 4 | Adventure Animation Children Comedy | pixar franchise:toy-story buddy feel-good
A Bug's Life | 1998 | 6 | Adventure Animation Children Comedy | pixar animals feel-good
Monsters, Inc. | 2001 | 8 | Adventure Animation Children Comedy Fantasy | pixar franchise:monsters-inc buddy feel-good
Monsters University | 2013 | 4 | Adventure Animation Children Comedy | pixar franchise:monsters-inc buddy
Finding Nemo | 2003 | 8 | Adventure Animation Children Comedy | pixar franchise:finding-nemo animals feel-good
Finding Dory | 2016 | 4 | Adventure Animation Children Comedy | pixar franchise:finding-nemo animals
The Incredibles | 2004 | 8 | Action Adventure Animation Children Comedy | pixar franchise:incredibles superhero brad-bird
Incredibles 2 | 2018 | 4 | Action Adventure Animation Children | pixar franchise:incredibles superhero brad-bird
Cars | 2006 | 5 | Animation Children Comedy | pixar cars feel-good
Ratatouille | 2007 | 7 | Animation Children Comedy | pixar brad-bird animals food
WALL·E | 2008 | 8 | Adventure Animation Children Romance Sci-Fi | pixar robots space dystopia
Up | 2009 | 8 | Adventure Animation Children Comedy Drama | pixar tearjerker buddy
Brave | 2012 | 4 | Action Adventure Animation Children | pixar fairy-tale princess
Inside Out | 2015 | 7 | Adventure Animation Children Comedy Drama | pixar franchise:inside-out coming-of-age
Inside Out 2 | 2024 | 4 | Adventure Animation Children Comedy Drama | pixar franchise:inside-out coming-of-age
Coco | 2017 | 6 | Adventure Animation Children Fantasy | pixar music mexico tearjerker
Soul | 2020 | 5 | Adventure Animation Children Comedy Fantasy | pixar music
Luca | 2021 | 3 | Adventure Animation Children Fantasy | pixar coming-of-age feel-good
Turning Red | 2022 | 3 | Animation Children Comedy Fantasy | pixar coming-of-age
Snow White and the Seven Dwarfs | 1937 | 6 | Animation Children Drama Fantasy Musical | disney fairy-tale princess
Pinocchio | 1940 | 4 | Animation Children Fantasy Musical | disney fairy-tale
Fantasia | 1940 | 5 | Animation Children Fantasy Musical | disney music
Dumbo | 1941 | 4 | Animation Children Drama Musical | disney animals tearjerker
Bambi | 1942 | 4 | Animation Children Drama | disney animals tearjerker
Cinderella | 1950 | 4 | Animation Children Fantasy Musical Romance | disney fairy-tale princess
Alice in Wonderland | 1951 | 4 | Adventure Animation Children Fantasy Musical | disney fairy-tale
Peter Pan | 1953 | 4 | Animation Children Fantasy Musical | disney fairy-tale pirates
Lady and the Tramp | 1955 | 4 | Animation Children Comedy Romance | disney animals
Sleeping Beauty | 1959 | 4 | Animation Children Fantasy Musical | disney fairy-tale princess
One Hundred and One Dalmatians | 1961 | 4 | Adventure Animation Children | disney animals
The Sword in the Stone | 1963 | 3 | Animation Children Fantasy Musical | disney arthurian
The Jungle Book | 1967 | 5 | Animation Children Comedy Musical | disney animals
The Aristocats | 1970 | 3 | Animation Children Comedy | disney animals
Robin Hood | 1973 | 3 | Adventure Animation Children Comedy Musical | disney animals
The Little Mermaid | 1989 | 6 | Animation Children Comedy Musical Romance | disney disney-renaissance fairy-tale princess
Beauty and the Beast | 1991 | 8 | Animation Children Fantasy Musical Romance | disney disney-renaissance fairy-tale princess
Aladdin | 1992 | 8 | Adventure Animation Children Comedy Musical | disney disney-renaissance fairy-tale princess
The Lion King | 1994 | 9 | Adventure Animation Children Drama Musical | disney disney-renaissance animals
Pocahontas | 1995 | 4 | Animation Children Drama Musical Romance | disney disney-renaissance princess
The Hunchback of Notre Dame | 1996 | 3 | Animation Children Drama Musical Romance | disney disney-renaissance
Hercules | 1997 | 4 | Adventure Animation Children Comedy Musical | disney disney-renaissance mythology
Mulan | 1998 | 5 | Adventure Animation Children Comedy Drama Musical | disney disney-renaissance princess
Tarzan | 1999 | 4 | Adventure Animation Children Drama | disney disney-renaissance
The Emperor's New Groove | 2000 | 5 | Adventure Animation Children Comedy Fantasy | disney buddy
Lilo & Stitch | 2002 | 5 | Adventure Animation Children Sci-Fi | disney aliens
Tangled | 2010 | 6 | Animation Children Comedy Fantasy Musical Romance | disney fairy-tale princess
Wreck-It Ralph | 2012 | 5 | Animation Children Comedy | disney video-games
Frozen | 2013 | 6 | Adventure Animation Children Comedy Fantasy Musical | disney fairy-tale princess
Big Hero 6 | 2014 | 5 | Action Animation Children Comedy | disney superhero robots
Zootopia | 2016 | 6 | Action Adventure Animation Children Comedy | disney animals detective
Moana | 2016 | 5 | Adventure Animation Children Comedy Fantasy Musical | disney princess mythology
Encanto | 2021 | 4 | Animation Children Comedy Fantasy Musical | disney music
The Nightmare Before Christmas | 1993 | 6 | Animation Children Fantasy Musical | stop-motion selick burton gothic christmas
James and the Giant Peach | 1996 | 3 | Adventure Animation Children Fantasy Musical | stop-motion selick roald-dahl
Corpse Bride | 2005 | 4 | Animation Comedy Fantasy Musical Romance | stop-motion burton gothic
Coraline | 2009 | 5 | Animation Children Fantasy Thriller | stop-motion selick laika gothic
Kubo and the Two Strings | 2016 | 3 | Adventure Animation Children Fantasy | stop-motion laika
The Wrong Trousers | 1993 | 5 | Animation Children Comedy Crime | stop-motion aardman franchise:wallace-gromit uk
Wallace & Gromit: The Curse of the Were-Rabbit | 2005 | 4 | Adventure Animation Children Comedy | stop-motion aardman franchise:wallace-gromit uk
Chicken Run | 2000 | 5 | Animation Children Comedy | stop-motion aardman animals uk
Fantastic Mr. Fox | 2009 | 6 | Adventure Animation Children Comedy Crime | stop-motion wes-anderson roald-dahl animals quirky
Isle of Dogs | 2018 | 4 | Animation Comedy Sci-Fi | stop-motion wes-anderson animals quirky
Antz | 1998 | 4 | Adventure Animation Children Comedy Fantasy | dreamworks animals
The Prince of Egypt | 1998 | 4 | Animation Drama Musical | dreamworks biblical
Shrek | 2001 | 8 | Adventure Animation Children Comedy Fantasy Romance | dreamworks franchise:shrek fairy-tale
Shrek 2 | 2004 | 6 | Adventure Animation Children Comedy Musical Romance | dreamworks franchise:shrek fairy-tale
Puss in Boots: The Last Wish | 2022 | 4 | Adventure Animation Children Comedy | dreamworks franchise:shrek fairy-tale
Madagascar | 2005 | 4 | Adventure Animation Children Comedy | dreamworks animals
Kung Fu Panda | 2008 | 6 | Action Animation Children Comedy | dreamworks animals martial-arts
How to Train Your Dragon | 2010 | 7 | Adventure Animation Children Fantasy | dreamworks dragons coming-of-age
The Wild Robot | 2024 | 3 | Adventure Animation Children Sci-Fi | dreamworks robots animals
Ice Age | 2002 | 6 | Adventure Animation Children Comedy | animals feel-good
Despicable Me | 2010 | 6 | Animation Children Comedy Crime | feel-good
The Lego Movie | 2014 | 6 | Action Adventure Animation Children Comedy Fantasy | lord-miller toys
The Iron Giant | 1999 | 6 | Adventure Animation Children Drama Sci-Fi | brad-bird robots tearjerker
The Land Before Time | 1988 | 3 | Adventure Animation Children Fantasy | don-bluth dinosaurs tearjerker
An American Tail | 1986 | 3 | Adventure Animation Children Comedy | don-bluth animals
Spider-Man: Into the Spider-Verse | 2018 | 7 | Action Adventure Animation Sci-Fi | franchise:spider-man superhero lord-miller
Spider-Man: Across the Spider-Verse | 2023 | 5 | Action Adventure Animation Sci-Fi | franchise:spider-man superhero lord-miller
Nausicaä of the Valley of the Wind | 1984 | 5 | Adventure Animation Drama Fantasy Sci-Fi | ghibli miyazaki anime japan
Castle in the Sky | 1986 | 5 | Action Adventure Animation Children Fantasy | ghibli miyazaki anime japan
My Neighbor Totoro | 1988 | 6 | Animation Children Drama Fantasy | ghibli miyazaki anime japan feel-good
Grave of the Fireflies | 1988 | 5 | Animation Drama War | ghibli takahata anime japan tearjerker ww2
Kiki's Delivery Service | 1989 | 5 | Adventure Animation Children Drama Fantasy | ghibli miyazaki anime japan coming-of-age
Porco Rosso | 1992 | 3 | Adventure Animation Comedy Fantasy | ghibli miyazaki anime japan
Whisper of the Heart | 1995 | 3 | Animation Drama Romance | ghibli anime japan coming-of-age
Princess Mononoke | 1997 | 7 | Action Adventure Animation Drama Fantasy | ghibli miyazaki anime japan
Spirited Away | 2001 | 8 | Adventure Animation Fantasy | ghibli miyazaki anime japan coming-of-age
Howl's Moving Castle | 2004 | 7 | Adventure Animation Fantasy Romance | ghibli miyazaki anime japan
Ponyo | 2008 | 4 | Adventure Animation Children Fantasy | ghibli miyazaki anime japan
The Wind Rises | 2013 | 3 | Animation Drama Romance | ghibli miyazaki anime japan biopic
The Tale of the Princess Kaguya | 2013 | 3 | Animation Drama Fantasy | ghibli takahata anime japan fairy-tale
The Boy and the Heron | 2023 | 3 | Adventure Animation Drama Fantasy | ghibli miyazaki anime japan
Akira | 1988 | 6 | Action Adventure Animation Sci-Fi | anime japan cyberpunk dystopia
Ghost in the Shell | 1995 | 6 | Animation Sci-Fi | anime japan cyberpunk robots
Perfect Blue | 1997 | 4 | Animation Horror Mystery Thriller | anime japan satoshi-kon mind-bending
Millennium Actress | 2001 | 3 | Animation Drama Romance | anime japan satoshi-kon
Tokyo Godfathers | 2003 | 3 | Adventure Animation Comedy Drama | anime japan satoshi-kon christmas
Paprika | 2006 | 4 | Animation Mystery Sci-Fi | anime japan satoshi-kon mind-bending
Your Name. | 2016 | 5 | Animation Drama Fantasy Romance | anime japan coming-of-age
A Silent Voice | 2016 | 3 | Animation Drama Romance | anime japan coming-of-age
Wolf Children | 2012 | 3 | Animation Drama Fantasy | anime japan hosoda
The Girl Who Leapt Through Time | 2006 | 3 | Animation Comedy Drama Romance Sci-Fi | anime japan hosoda time-travel
Persepolis | 2007 | 4 | Animation Drama | france coming-of-age adult-animation
The Triplets of Belleville | 2003 | 4 | Animation Comedy Fantasy | france quirky adult-animation
Waltz with Bashir | 2008 | 3 | Animation Documentary War | adult-animation
South Park: Bigger, Longer & Uncut | 1999 | 5 | Animation Comedy Musical | adult-animation raunchy satire
The Simpsons Movie | 2007 | 4 | Animation Comedy | adult-animation satire
Yellow Submarine | 1968 | 3 | Adventure Animation Comedy Fantasy Musical | uk music
Fantastic Planet | 1973 | 2 | Animation Sci-Fi | france adult-animation cult
Song of the Sea | 2014 | 2 | Animation Children Fantasy | ireland mythology
Flow | 2024 | 3 | Adventure Animation Fantasy | animals survival quirky
`;
