/** War films; `rows.ts` describes a row. */
export const war = `
The Bridge on the River Kwai | 1957 | 6 | Adventure Drama War | david-lean ww2 epic
Paths of Glory | 1957 | 5 | Drama War | kubrick ww1 courtroom
The Guns of Navarone | 1961 | 3 | Action Adventure Drama War | ww2
The Longest Day | 1962 | 4 | Action Drama War | ww2 epic
The Dirty Dozen | 1967 | 4 | Action Drama War | ww2
Patton | 1970 | 5 | Drama War | ww2 biopic epic
A Bridge Too Far | 1977 | 3 | Action Drama War | ww2 epic connery
The Deer Hunter | 1978 | 5 | Drama War | vietnam de-niro new-hollywood
Apocalypse Now | 1979 | 8 | Action Drama War | vietnam coppola epic new-hollywood brando
Platoon | 1986 | 6 | Drama War | vietnam oliver-stone
Full Metal Jacket | 1987 | 7 | Drama War | vietnam kubrick
Born on the Fourth of July | 1989 | 4 | Drama War | vietnam oliver-stone tom-cruise biopic
Casualties of War | 1989 | 3 | Drama War | vietnam de-palma
We Were Soldiers | 2002 | 4 | Action Drama War | vietnam mel-gibson
Glory | 1989 | 5 | Drama War | period
Empire of the Sun | 1987 | 4 | Action Adventure Drama War | spielberg ww2 coming-of-age
Schindler's List | 1993 | 9 | Drama War | spielberg ww2 holocaust epic
Saving Private Ryan | 1998 | 8 | Action Drama War | spielberg ww2 tom-hanks
The Thin Red Line | 1998 | 5 | Action Drama War | malick ww2 slow-burn
Enemy at the Gates | 2001 | 5 | Drama War | ww2
Black Hawk Down | 2001 | 5 | Action Drama War | ridley-scott modern-war
The Pianist | 2002 | 6 | Drama War | polanski ww2 holocaust biopic
Life Is Beautiful | 1997 | 7 | Comedy Drama Romance War | italy ww2 holocaust tearjerker
Sophie's Choice | 1982 | 4 | Drama | holocaust meryl-streep tearjerker
The Zone of Interest | 2023 | 3 | Drama War | holocaust ww2 a24 slow-burn
Letters from Iwo Jima | 2006 | 4 | Drama War | eastwood ww2 japan
Downfall | 2004 | 5 | Drama War | germany ww2
Hotel Rwanda | 2004 | 5 | Drama War | modern-war biopic
The Hurt Locker | 2008 | 5 | Action Drama Thriller War | bigelow modern-war
Zero Dark Thirty | 2012 | 4 | Action Drama Thriller War | bigelow modern-war spy
Argo | 2012 | 6 | Drama Thriller | affleck spy political
American Sniper | 2014 | 4 | Action War | eastwood modern-war biopic
Hacksaw Ridge | 2016 | 4 | Drama War | mel-gibson ww2 biopic
Dunkirk | 2017 | 5 | Action Drama Thriller War | nolan ww2 uk
1917 | 2019 | 5 | Drama War | mendes ww1 uk
All Quiet on the Western Front | 2022 | 3 | Action Drama War | ww1 germany
Jojo Rabbit | 2019 | 4 | Comedy Drama War | waititi ww2 satire
Three Kings | 1999 | 5 | Action Adventure Comedy Drama War | modern-war clooney david-o-russell
Tora! Tora! Tora! | 1970 | 3 | Action Drama War | ww2 japan
Come and See | 1985 | 3 | Drama War | ww2 soviet
The Battle of Algiers | 1966 | 3 | Drama War | political italy
`;
