/** Action, spies and adventure for grown-ups; `rows.ts` describes a row. */
export const action = `
Dr. No | 1962 | 5 | Action Adventure Thriller | franchise:bond spy connery uk
From Russia with Love | 1963 | 5 | Action Adventure Thriller | franchise:bond spy connery uk
Goldfinger | 1964 | 6 | Action Adventure Thriller | franchise:bond spy connery uk
Thunderball | 1965 | 4 | Action Adventure Thriller | franchise:bond spy connery uk
You Only Live Twice | 1967 | 4 | Action Adventure Sci-Fi Thriller | franchise:bond spy connery uk
On Her Majesty's Secret Service | 1969 | 3 | Action Adventure Romance Thriller | franchise:bond spy uk
Live and Let Die | 1973 | 4 | Action Adventure Thriller | franchise:bond spy roger-moore uk
The Spy Who Loved Me | 1977 | 4 | Action Adventure Thriller | franchise:bond spy roger-moore uk
Moonraker | 1979 | 3 | Action Adventure Sci-Fi Thriller | franchise:bond spy roger-moore uk
GoldenEye | 1995 | 6 | Action Adventure Thriller | franchise:bond spy brosnan uk
Tomorrow Never Dies | 1997 | 4 | Action Adventure Thriller | franchise:bond spy brosnan uk
Casino Royale | 2006 | 7 | Action Adventure Thriller | franchise:bond spy daniel-craig uk
Skyfall | 2012 | 6 | Action Adventure Thriller | franchise:bond spy daniel-craig mendes uk
No Time to Die | 2021 | 3 | Action Adventure Thriller | franchise:bond spy daniel-craig uk
Mission: Impossible | 1996 | 7 | Action Adventure Mystery Thriller | franchise:mission-impossible spy tom-cruise de-palma
Mission: Impossible - Ghost Protocol | 2011 | 5 | Action Adventure Thriller | franchise:mission-impossible spy tom-cruise brad-bird
Mission: Impossible - Fallout | 2018 | 4 | Action Adventure Thriller | franchise:mission-impossible spy tom-cruise
The Bourne Identity | 2002 | 7 | Action Mystery Thriller | franchise:bourne spy matt-damon
The Bourne Supremacy | 2004 | 6 | Action Crime Thriller | franchise:bourne spy matt-damon greengrass
The Bourne Ultimatum | 2007 | 6 | Action Crime Thriller | franchise:bourne spy matt-damon greengrass
Kingsman: The Secret Service | 2014 | 5 | Action Adventure Comedy Crime | spy vaughn uk
True Lies | 1994 | 6 | Action Adventure Comedy Romance Thriller | spy cameron schwarzenegger
Die Hard | 1988 | 8 | Action Crime Thriller | franchise:die-hard bruce-willis mctiernan christmas cop
Die Hard 2 | 1990 | 5 | Action Adventure Thriller | franchise:die-hard bruce-willis cop christmas
Die Hard with a Vengeance | 1995 | 6 | Action Crime Thriller | franchise:die-hard bruce-willis mctiernan cop
Lethal Weapon | 1987 | 6 | Action Comedy Crime Drama | franchise:lethal-weapon cop buddy
Lethal Weapon 2 | 1989 | 5 | Action Comedy Crime Drama | franchise:lethal-weapon cop buddy
Beverly Hills Cop | 1984 | 5 | Action Comedy Crime Drama | eddie-murphy cop buddy
48 Hrs. | 1982 | 3 | Action Comedy Crime Drama | eddie-murphy cop buddy
Rush Hour | 1998 | 5 | Action Comedy Crime Thriller | jackie-chan cop buddy martial-arts
Bad Boys | 1995 | 4 | Action Comedy Crime Drama Thriller | michael-bay will-smith cop buddy
Hot Fuzz | 2007 | 6 | Action Comedy Crime Mystery | edgar-wright cop buddy uk parody
Commando | 1985 | 4 | Action Adventure | schwarzenegger
First Blood | 1982 | 5 | Action Adventure Drama Thriller | franchise:rambo stallone survival
Rambo: First Blood Part II | 1985 | 4 | Action Adventure Thriller | franchise:rambo stallone
Cliffhanger | 1993 | 4 | Action Adventure Thriller | stallone
Demolition Man | 1993 | 5 | Action Adventure Sci-Fi | stallone cop dystopia
Top Gun | 1986 | 6 | Action Romance | franchise:top-gun tom-cruise tony-scott pilots
Top Gun: Maverick | 2022 | 5 | Action Drama | franchise:top-gun tom-cruise pilots
Speed | 1994 | 7 | Action Romance Thriller | keanu-reeves cop
Point Break | 1991 | 5 | Action Crime Thriller | keanu-reeves bigelow cop heist
John Wick | 2014 | 6 | Action Thriller | franchise:john-wick keanu-reeves hitman revenge
John Wick: Chapter 4 | 2023 | 4 | Action Crime Thriller | franchise:john-wick keanu-reeves hitman revenge
Con Air | 1997 | 5 | Action Adventure Thriller | nicolas-cage prison
The Rock | 1996 | 7 | Action Adventure Thriller | michael-bay nicolas-cage connery
Face/Off | 1997 | 6 | Action Crime Drama Thriller | john-woo nicolas-cage
Hard Boiled | 1992 | 4 | Action Crime Drama Thriller | john-woo hong-kong cop
The Killer | 1989 | 4 | Action Crime Drama Thriller | john-woo hong-kong hitman
Léon: The Professional | 1994 | 7 | Action Crime Drama Thriller | besson hitman france
La Femme Nikita | 1990 | 4 | Action Crime Romance Thriller | besson hitman france
Taken | 2008 | 5 | Action Crime Drama Thriller | revenge
Air Force One | 1997 | 5 | Action Thriller | harrison-ford political
The Fugitive | 1993 | 8 | Action Crime Thriller | harrison-ford manhunt
Patriot Games | 1992 | 5 | Action Crime Drama Thriller | harrison-ford spy franchise:jack-ryan
Clear and Present Danger | 1994 | 5 | Action Crime Drama Thriller | harrison-ford spy franchise:jack-ryan
The Hunt for Red October | 1990 | 6 | Action Adventure Thriller | mctiernan spy submarine connery franchise:jack-ryan
Crimson Tide | 1995 | 6 | Drama Thriller War | tony-scott submarine
Das Boot | 1981 | 5 | Action Drama War | submarine germany ww2
Enemy of the State | 1998 | 5 | Action Thriller | tony-scott will-smith
Twister | 1996 | 6 | Action Adventure Romance Thriller | disaster
The Day After Tomorrow | 2004 | 4 | Action Adventure Drama Sci-Fi Thriller | disaster emmerich
The Poseidon Adventure | 1972 | 3 | Action Adventure Drama | disaster
The Towering Inferno | 1974 | 3 | Action Drama Thriller | disaster
Enter the Dragon | 1973 | 4 | Action Adventure Crime | martial-arts hong-kong
The 36th Chamber of Shaolin | 1978 | 2 | Action Adventure | martial-arts hong-kong
Drunken Master | 1978 | 3 | Action Comedy | martial-arts jackie-chan hong-kong
Police Story | 1985 | 3 | Action Comedy Crime Thriller | martial-arts jackie-chan hong-kong cop
Crouching Tiger, Hidden Dragon | 2000 | 7 | Action Drama Romance | martial-arts wuxia ang-lee china
Hero | 2002 | 5 | Action Adventure Drama | martial-arts wuxia zhang-yimou china
House of Flying Daggers | 2004 | 4 | Action Drama Romance | martial-arts wuxia zhang-yimou china
Kung Fu Hustle | 2004 | 4 | Action Comedy | martial-arts hong-kong slapstick
Ip Man | 2008 | 3 | Action Drama War | martial-arts hong-kong biopic
The Raid: Redemption | 2011 | 3 | Action Crime | martial-arts cop
The Karate Kid | 1984 | 5 | Drama | martial-arts coming-of-age sports eighties-adventure
Gladiator | 2000 | 8 | Action Adventure Drama | ridley-scott epic sword-and-sandal revenge
Ben-Hur | 1959 | 5 | Action Adventure Drama | epic sword-and-sandal biblical hollywood-classic
Spartacus | 1960 | 5 | Action Drama Romance War | epic sword-and-sandal kubrick hollywood-classic
The Ten Commandments | 1956 | 4 | Adventure Drama | epic biblical hollywood-classic
Troy | 2004 | 4 | Action Adventure Drama War | epic sword-and-sandal mythology brad-pitt
Kingdom of Heaven | 2005 | 4 | Action Drama Romance War | epic ridley-scott
Braveheart | 1995 | 8 | Action Drama War | epic mel-gibson medieval
Apocalypto | 2006 | 4 | Adventure Drama Thriller | mel-gibson survival
The Last Samurai | 2003 | 5 | Action Adventure Drama War | epic samurai tom-cruise
Master and Commander: The Far Side of the World | 2003 | 5 | Adventure Drama War | peter-weir
Bullitt | 1968 | 4 | Action Crime Mystery Thriller | cop cars steve-mcqueen
The French Connection | 1971 | 5 | Action Crime Thriller | cop cars friedkin gritty
Dirty Harry | 1971 | 5 | Action Crime Thriller | cop eastwood gritty
The Great Escape | 1963 | 6 | Action Adventure Drama War | ww2 prison steve-mcqueen
Where Eagles Dare | 1968 | 3 | Action Adventure War | ww2 eastwood
The Fast and the Furious | 2001 | 5 | Action Crime Thriller | franchise:fast-furious cars heist
Fast Five | 2011 | 4 | Action Crime Drama Thriller | franchise:fast-furious cars heist
Baby Driver | 2017 | 5 | Action Crime Thriller | edgar-wright cars heist music
`;
