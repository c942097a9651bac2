/** Superheroes and other comic-book films; `rows.ts` describes a row. */
export const superheroes = `
Superman | 1978 | 5 | Action Adventure Sci-Fi | dc superhero franchise:superman
Superman II | 1980 | 4 | Action Sci-Fi | dc superhero franchise:superman
Man of Steel | 2013 | 4 | Action Adventure Fantasy Sci-Fi | dc superhero franchise:superman snyder
Batman | 1989 | 7 | Action Crime Thriller | dc superhero franchise:batman burton gothic
Batman Returns | 1992 | 5 | Action Crime Fantasy | dc superhero franchise:batman burton gothic
Batman Forever | 1995 | 5 | Action Adventure Comedy Crime | dc superhero franchise:batman
Batman Begins | 2005 | 7 | Action Crime | dc superhero franchise:batman nolan
The Dark Knight | 2008 | 9 | Action Crime Drama | dc superhero franchise:batman nolan gritty
The Dark Knight Rises | 2012 | 7 | Action Adventure Crime | dc superhero franchise:batman nolan gritty
The Batman | 2022 | 5 | Action Crime Drama Mystery | dc superhero franchise:batman gritty detective
Joker | 2019 | 6 | Crime Drama Thriller | dc franchise:batman gritty character-study
Wonder Woman | 2017 | 5 | Action Adventure Fantasy | dc superhero mythology
Watchmen | 2009 | 5 | Action Drama Mystery Sci-Fi Thriller | dc superhero snyder gritty
V for Vendetta | 2006 | 7 | Action Sci-Fi Thriller | dystopia political wachowski
300 | 2007 | 5 | Action Fantasy War | snyder sword-and-sandal
Sin City | 2005 | 6 | Action Crime Film-Noir Mystery Thriller | rodriguez neo-noir gritty
Blade | 1998 | 4 | Action Horror Thriller | marvel superhero vampire
X-Men | 2000 | 7 | Action Adventure Sci-Fi | marvel superhero franchise:x-men
X2: X-Men United | 2003 | 6 | Action Adventure Sci-Fi Thriller | marvel superhero franchise:x-men
X-Men: First Class | 2011 | 5 | Action Adventure Sci-Fi Thriller | marvel superhero franchise:x-men
X-Men: Days of Future Past | 2014 | 5 | Action Adventure Sci-Fi | marvel superhero franchise:x-men time-travel
Logan | 2017 | 5 | Action Sci-Fi | marvel superhero franchise:x-men gritty
Deadpool | 2016 | 6 | Action Adventure Comedy Sci-Fi | marvel superhero franchise:deadpool raunchy
Deadpool & Wolverine | 2024 | 4 | Action Adventure Comedy Sci-Fi | marvel superhero franchise:deadpool franchise:x-men raunchy
Spider-Man | 2002 | 7 | Action Adventure Sci-Fi Thriller | marvel superhero franchise:spider-man raimi
Spider-Man 2 | 2004 | 6 | Action Adventure Sci-Fi | marvel superhero franchise:spider-man raimi
Spider-Man 3 | 2007 | 4 | Action Adventure Sci-Fi Thriller | marvel superhero franchise:spider-man raimi
Spider-Man: Homecoming | 2017 | 5 | Action Adventure Sci-Fi | marvel mcu superhero franchise:spider-man teen
Spider-Man: No Way Home | 2021 | 5 | Action Adventure Fantasy Sci-Fi | marvel mcu superhero franchise:spider-man teen
Iron Man | 2008 | 8 | Action Adventure Sci-Fi | marvel mcu superhero franchise:iron-man
Iron Man 2 | 2010 | 5 | Action Adventure Sci-Fi | marvel mcu superhero franchise:iron-man
Iron Man 3 | 2013 | 5 | Action Adventure Sci-Fi | marvel mcu superhero franchise:iron-man
Thor | 2011 | 5 | Action Adventure Fantasy | marvel mcu superhero franchise:thor mythology
Thor: Ragnarok | 2017 | 6 | Action Adventure Comedy Sci-Fi | marvel mcu superhero franchise:thor mythology
Captain America: The First Avenger | 2011 | 5 | Action Adventure Sci-Fi War | marvel mcu superhero franchise:captain-america
Captain America: The Winter Soldier | 2014 | 5 | Action Adventure Sci-Fi | marvel mcu superhero franchise:captain-america
Captain America: Civil War | 2016 | 5 | Action Sci-Fi Thriller | marvel mcu superhero franchise:captain-america franchise:avengers
The Avengers | 2012 | 8 | Action Adventure Sci-Fi | marvel mcu superhero franchise:avengers
Avengers: Age of Ultron | 2015 | 5 | Action Adventure Sci-Fi | marvel mcu superhero franchise:avengers
Avengers: Infinity War | 2018 | 6 | Action Adventure Sci-Fi | marvel mcu superhero franchise:avengers
Avengers: Endgame | 2019 | 6 | Action Adventure Drama Sci-Fi | marvel mcu superhero franchise:avengers
Guardians of the Galaxy | 2014 | 7 | Action Adventure Sci-Fi | marvel mcu superhero franchise:guardians space-opera
Guardians of the Galaxy Vol. 2 | 2017 | 5 | Action Adventure Comedy Sci-Fi | marvel mcu superhero franchise:guardians space-opera
Guardians of the Galaxy Vol. 3 | 2023 | 3 | Action Adventure Comedy Sci-Fi | marvel mcu superhero franchise:guardians space-opera
Ant-Man | 2015 | 4 | Action Adventure Comedy Sci-Fi | marvel mcu superhero heist
Doctor Strange | 2016 | 5 | Action Adventure Fantasy Sci-Fi | marvel mcu superhero wizards
Black Panther | 2018 | 5 | Action Adventure Sci-Fi | marvel mcu superhero
Shang-Chi and the Legend of the Ten Rings | 2021 | 3 | Action Adventure Fantasy | marvel mcu superhero martial-arts
Hellboy | 2004 | 4 | Action Adventure Fantasy Horror | superhero del-toro
Unbreakable | 2000 | 5 | Drama Mystery Sci-Fi Thriller | shyamalan superhero slow-burn
Kick-Ass | 2010 | 5 | Action Comedy | superhero vaughn raunchy
Scott Pilgrim vs. the World | 2010 | 5 | Action Comedy Fantasy Musical Romance | edgar-wright video-games quirky
The Crow | 1994 | 5 | Action Crime Fantasy Thriller | gothic cult revenge
The Mask | 1994 | 6 | Action Comedy Crime Fantasy | jim-carrey slapstick
`;
