/** Crime, thrillers, mysteries and film noir; `rows.ts` describes a row. */
export const crime = `
The Godfather | 1972 | 9 | Crime Drama | franchise:godfather coppola mafia gangster epic pacino
The Godfather: Part II | 1974 | 8 | Crime Drama | franchise:godfather coppola mafia gangster epic pacino de-niro
The Godfather: Part III | 1990 | 5 | Crime Drama Mystery Thriller | franchise:godfather coppola mafia gangster pacino
Goodfellas | 1990 | 8 | Crime Drama | scorsese mafia gangster de-niro
Casino | 1995 | 7 | Crime Drama | scorsese mafia gangster de-niro
Mean Streets | 1973 | 4 | Crime Drama | scorsese mafia gangster de-niro new-hollywood
Taxi Driver | 1976 | 7 | Crime Drama Thriller | scorsese de-niro new-hollywood gritty character-study
The Departed | 2006 | 7 | Crime Drama Thriller | scorsese gangster cop dicaprio matt-damon
Gangs of New York | 2002 | 6 | Crime Drama | scorsese gangster dicaprio period
The Irishman | 2019 | 4 | Crime Drama | scorsese mafia gangster de-niro pacino
Killers of the Flower Moon | 2023 | 3 | Crime Drama | scorsese dicaprio de-niro period
Once Upon a Time in America | 1984 | 5 | Crime Drama | leone gangster mafia epic de-niro
Scarface | 1983 | 7 | Action Crime Drama | de-palma gangster pacino
The Untouchables | 1987 | 7 | Action Crime Drama | de-palma gangster cop connery
Carlito's Way | 1993 | 5 | Crime Drama | de-palma gangster pacino
Donnie Brasco | 1997 | 5 | Crime Drama | mafia gangster pacino johnny-depp undercover
A Bronx Tale | 1993 | 4 | Crime Drama | mafia gangster de-niro coming-of-age
Miller's Crossing | 1990 | 5 | Crime Drama Film-Noir Thriller | coen gangster mafia neo-noir
Road to Perdition | 2002 | 5 | Crime Drama | mendes gangster mafia
American Gangster | 2007 | 5 | Crime Drama Thriller | ridley-scott gangster cop
Eastern Promises | 2007 | 4 | Crime Drama Thriller | cronenberg gangster undercover
A History of Violence | 2005 | 4 | Action Crime Drama Thriller | cronenberg gangster
Scarface | 1932 | 3 | Crime Drama Film-Noir | hawks gangster hollywood-classic
The Public Enemy | 1931 | 3 | Action Crime Drama | gangster hollywood-classic cagney
White Heat | 1949 | 3 | Crime Drama Film-Noir | gangster hollywood-classic cagney noir
Bonnie and Clyde | 1967 | 6 | Crime Drama | gangster new-hollywood road
Dog Day Afternoon | 1975 | 5 | Crime Drama | lumet pacino heist new-hollywood
Serpico | 1973 | 4 | Crime Drama | lumet pacino cop new-hollywood
Heat | 1995 | 7 | Action Crime Thriller | michael-mann heist pacino de-niro cop
Collateral | 2004 | 6 | Action Crime Drama Thriller | michael-mann tom-cruise hitman
The Insider | 1999 | 5 | Drama Thriller | michael-mann pacino journalism
Pulp Fiction | 1994 | 9 | Comedy Crime Drama Thriller | tarantino gangster hitman cult
Reservoir Dogs | 1992 | 8 | Crime Mystery Thriller | tarantino heist gangster cult
Jackie Brown | 1997 | 6 | Comedy Crime Drama Thriller | tarantino con
True Romance | 1993 | 5 | Crime Romance Thriller | tony-scott gangster road cult
From Dusk Till Dawn | 1996 | 5 | Action Comedy Horror Thriller | rodriguez vampire cult
Kill Bill: Vol. 1 | 2003 | 8 | Action Crime Thriller | tarantino franchise:kill-bill martial-arts revenge
Kill Bill: Vol. 2 | 2004 | 7 | Action Drama Thriller | tarantino franchise:kill-bill martial-arts revenge
Inglourious Basterds | 2009 | 7 | Action Drama War | tarantino ww2 brad-pitt revenge
Django Unchained | 2012 | 7 | Action Drama Western | tarantino revenge dicaprio
The Hateful Eight | 2015 | 5 | Crime Drama Mystery Western | tarantino
Once Upon a Time in Hollywood | 2019 | 5 | Comedy Drama | tarantino dicaprio brad-pitt hollywood-story
Fargo | 1996 | 8 | Comedy Crime Drama Thriller | coen dark-comedy
No Country for Old Men | 2007 | 7 | Crime Drama Thriller | coen hitman slow-burn
Blood Simple | 1984 | 4 | Crime Drama Film-Noir | coen neo-noir
The Big Lebowski | 1998 | 8 | Comedy Crime | coen cult dark-comedy stoner
The Usual Suspects | 1995 | 8 | Crime Mystery Thriller | heist twist
L.A. Confidential | 1997 | 8 | Crime Film-Noir Mystery Thriller | neo-noir cop detective
Memento | 2000 | 8 | Mystery Thriller | nolan twist mind-bending neo-noir
The Prestige | 2006 | 7 | Drama Mystery Sci-Fi Thriller | nolan twist
Insomnia | 2002 | 4 | Action Crime Drama Mystery Thriller | nolan pacino detective
Se7en | 1995 | 8 | Crime Mystery Thriller | fincher serial-killer detective brad-pitt gritty
Fight Club | 1999 | 9 | Action Crime Drama Thriller | fincher twist brad-pitt cult
The Game | 1997 | 5 | Drama Mystery Thriller | fincher twist
Panic Room | 2002 | 4 | Thriller | fincher
Zodiac | 2007 | 5 | Crime Drama Thriller | fincher serial-killer detective journalism
The Girl with the Dragon Tattoo | 2011 | 5 | Drama Thriller | fincher serial-killer detective
Gone Girl | 2014 | 6 | Drama Thriller | fincher twist
The Silence of the Lambs | 1991 | 9 | Crime Horror Thriller | franchise:hannibal-lecter serial-killer detective demme
Hannibal | 2001 | 5 | Horror Thriller | franchise:hannibal-lecter serial-killer ridley-scott
Manhunter | 1986 | 3 | Action Crime Drama Horror Thriller | franchise:hannibal-lecter serial-killer detective michael-mann
American Psycho | 2000 | 6 | Crime Horror Mystery Thriller | serial-killer satire cult
Primal Fear | 1996 | 5 | Crime Drama Mystery Thriller | courtroom twist
Prisoners | 2013 | 5 | Drama Mystery Thriller | villeneuve detective gritty
Sicario | 2015 | 5 | Action Crime Drama Mystery | villeneuve cop gritty
Nightcrawler | 2014 | 5 | Crime Drama Thriller | journalism gritty character-study
Mystic River | 2003 | 6 | Crime Drama Mystery | eastwood detective
Gone Baby Gone | 2007 | 4 | Crime Drama Mystery | detective affleck
The Town | 2010 | 5 | Crime Drama Thriller | heist affleck
Shutter Island | 2010 | 7 | Drama Mystery Thriller | scorsese dicaprio twist detective
Lock, Stock & Two Smoking Barrels | 1998 | 6 | Comedy Crime Thriller | guy-ritchie gangster heist uk
Snatch | 2000 | 7 | Comedy Crime Thriller | guy-ritchie gangster heist uk brad-pitt
Sherlock Holmes | 2009 | 6 | Action Crime Mystery Thriller | guy-ritchie detective whodunit uk
In Bruges | 2008 | 5 | Comedy Crime Drama Thriller | hitman dark-comedy uk mcdonagh
Sexy Beast | 2000 | 3 | Crime Drama | gangster heist uk
Get Carter | 1971 | 3 | Action Crime Drama Thriller | gangster uk revenge
Ocean's Eleven | 2001 | 7 | Crime Thriller | franchise:oceans soderbergh heist brad-pitt clooney
Ocean's Twelve | 2004 | 5 | Action Comedy Crime Thriller | franchise:oceans soderbergh heist brad-pitt clooney
Out of Sight | 1998 | 5 | Comedy Crime Drama Romance Thriller | soderbergh heist clooney
Traffic | 2000 | 6 | Crime Drama Thriller | soderbergh
Catch Me If You Can | 2002 | 7 | Crime Drama | spielberg con dicaprio
The Sting | 1973 | 6 | Comedy Crime | con redford newman
The Italian Job | 1969 | 4 | Action Comedy Crime | heist cars uk
Inside Man | 2006 | 5 | Crime Drama Thriller | heist spike-lee
Knives Out | 2019 | 6 | Comedy Crime Mystery Thriller | franchise:knives-out rian-johnson whodunit detective daniel-craig
Glass Onion | 2022 | 4 | Comedy Crime Mystery | franchise:knives-out rian-johnson whodunit detective daniel-craig
Murder on the Orient Express | 1974 | 4 | Crime Mystery Thriller | lumet whodunit detective agatha-christie
Death on the Nile | 1978 | 3 | Crime Mystery Thriller | whodunit detective agatha-christie
Witness for the Prosecution | 1957 | 4 | Drama Mystery Thriller | wilder courtroom agatha-christie hollywood-classic
Clue | 1985 | 5 | Comedy Crime Mystery Thriller | whodunit cult
Gosford Park | 2001 | 4 | Comedy Drama Mystery | altman whodunit uk period
Basic Instinct | 1992 | 5 | Crime Mystery Thriller | verhoeven erotic-thriller detective
Fatal Attraction | 1987 | 5 | Drama Thriller | erotic-thriller
Wild Things | 1998 | 4 | Crime Drama Mystery Thriller | erotic-thriller twist
Blue Velvet | 1986 | 5 | Drama Mystery Thriller | lynch neo-noir surreal
Mulholland Drive | 2001 | 6 | Crime Drama Film-Noir Mystery Thriller | lynch neo-noir surreal mind-bending
Lost Highway | 1997 | 4 | Crime Drama Fantasy Film-Noir Mystery Romance | lynch neo-noir surreal mind-bending
Wild at Heart | 1990 | 3 | Crime Drama Mystery Romance Thriller | lynch nicolas-cage road
Chinatown | 1974 | 7 | Crime Film-Noir Mystery Thriller | polanski neo-noir detective nicholson new-hollywood
The Long Goodbye | 1973 | 4 | Crime Film-Noir | altman neo-noir detective new-hollywood
Body Heat | 1981 | 3 | Crime Thriller | neo-noir erotic-thriller
Brick | 2005 | 4 | Crime Drama Film-Noir | neo-noir rian-johnson teen detective
Drive | 2011 | 6 | Crime Drama Film-Noir Thriller | neo-noir cars slow-burn
The Conversation | 1974 | 5 | Drama Mystery | coppola seventies-paranoia new-hollywood
Three Days of the Condor | 1975 | 4 | Drama Mystery Romance Thriller | seventies-paranoia spy redford
All the President's Men | 1976 | 5 | Drama Thriller | seventies-paranoia journalism redford political
The Parallax View | 1974 | 2 | Thriller | seventies-paranoia political
The Day of the Jackal | 1973 | 4 | Crime Thriller | hitman manhunt uk
`;
