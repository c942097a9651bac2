/** Drama; `rows.ts` describes a row. */
export const drama = `
Sunrise: A Song of Two Humans | 1927 | 3 | Drama Romance | silent murnau hollywood-classic
The Passion of Joan of Arc | 1928 | 3 | Drama | silent france
All Quiet on the Western Front | 1930 | 3 | Action Drama War | ww1 hollywood-classic
Mr. Smith Goes to Washington | 1939 | 5 | Drama | capra james-stewart political hollywood-classic
It's a Wonderful Life | 1946 | 7 | Children Drama Fantasy Romance | capra james-stewart christmas hollywood-classic
Miracle on 34th Street | 1947 | 4 | Comedy Drama | christmas hollywood-classic
The Grapes of Wrath | 1940 | 4 | Drama | john-ford henry-fonda hollywood-classic
Citizen Kane | 1941 | 7 | Drama Mystery | welles hollywood-classic journalism
The Magnificent Ambersons | 1942 | 3 | Drama | welles hollywood-classic
The Best Years of Our Lives | 1946 | 3 | Drama War | hollywood-classic ww2
All About Eve | 1950 | 5 | Drama | hollywood-classic stage
A Streetcar Named Desire | 1951 | 5 | Drama | kazan brando stage hollywood-classic
On the Waterfront | 1954 | 5 | Crime Drama | kazan brando hollywood-classic
East of Eden | 1955 | 4 | Drama | kazan james-dean hollywood-classic
Rebel Without a Cause | 1955 | 5 | Drama | james-dean teen hollywood-classic
12 Angry Men | 1957 | 7 | Drama | lumet courtroom henry-fonda hollywood-classic
Anatomy of a Murder | 1959 | 4 | Drama Mystery | courtroom james-stewart hollywood-classic
To Kill a Mockingbird | 1962 | 6 | Drama | courtroom hollywood-classic
Inherit the Wind | 1960 | 3 | Drama | courtroom hollywood-classic
The Hustler | 1961 | 4 | Drama | newman hollywood-classic sports
Cool Hand Luke | 1967 | 5 | Drama | newman prison
Who's Afraid of Virginia Woolf? | 1966 | 4 | Drama | mike-nichols stage
Lawrence of Arabia | 1962 | 6 | Adventure Drama War | david-lean epic period
The Manchurian Candidate | 1962 | 5 | Crime Thriller War | political hollywood-classic
Midnight Cowboy | 1969 | 5 | Drama | new-hollywood new-york
Easy Rider | 1969 | 5 | Adventure Drama | new-hollywood road nicholson cult
Five Easy Pieces | 1970 | 3 | Drama | new-hollywood nicholson road
One Flew Over the Cuckoo's Nest | 1975 | 8 | Drama | new-hollywood nicholson forman
Network | 1976 | 5 | Comedy Drama | lumet new-hollywood satire journalism
A Clockwork Orange | 1971 | 7 | Crime Drama Sci-Fi Thriller | kubrick dystopia cult satire
Barry Lyndon | 1975 | 4 | Drama Romance War | kubrick period slow-burn
Eyes Wide Shut | 1999 | 5 | Drama Mystery Thriller | kubrick tom-cruise slow-burn
Badlands | 1973 | 3 | Crime Drama | malick new-hollywood road
Days of Heaven | 1978 | 3 | Drama Romance | malick new-hollywood period
The Tree of Life | 2011 | 4 | Drama | malick slow-burn brad-pitt
Paris, Texas | 1984 | 4 | Drama | wenders road slow-burn
Rocky | 1976 | 6 | Drama | franchise:rocky stallone boxing sports
Rocky II | 1979 | 4 | Action Drama | franchise:rocky stallone boxing sports
Rocky IV | 1985 | 4 | Action Drama | franchise:rocky stallone boxing sports
Creed | 2015 | 4 | Drama | franchise:rocky stallone boxing sports
Raging Bull | 1980 | 6 | Drama | scorsese de-niro boxing sports biopic
Million Dollar Baby | 2004 | 6 | Drama | eastwood boxing sports tearjerker
The Wrestler | 2008 | 4 | Drama | aronofsky sports character-study
Field of Dreams | 1989 | 6 | Children Drama Fantasy | baseball sports costner
Bull Durham | 1988 | 4 | Comedy Drama Romance | baseball sports costner
A League of Their Own | 1992 | 4 | Comedy Drama | baseball sports tom-hanks
Moneyball | 2011 | 5 | Drama | baseball sports brad-pitt
Hoosiers | 1986 | 3 | Drama | sports feel-good
Remember the Titans | 2000 | 4 | Drama | sports feel-good
Rush | 2013 | 4 | Action Drama | sports cars biopic
Amadeus | 1984 | 6 | Drama | forman biopic music period
Gandhi | 1982 | 4 | Drama | biopic epic india
The Last Emperor | 1987 | 4 | Drama | biopic epic bertolucci china
The Elephant Man | 1980 | 4 | Drama | lynch biopic
Stand by Me | 1986 | 7 | Adventure Drama | rob-reiner stephen-king coming-of-age
Dead Poets Society | 1989 | 7 | Drama | robin-williams peter-weir coming-of-age school
Good Will Hunting | 1997 | 8 | Drama Romance | robin-williams matt-damon affleck
Good Morning, Vietnam | 1987 | 5 | Comedy Drama War | robin-williams vietnam
Rain Man | 1988 | 7 | Drama | tom-cruise road
A Few Good Men | 1992 | 6 | Crime Drama Thriller | tom-cruise rob-reiner courtroom nicholson
My Cousin Vinny | 1992 | 5 | Comedy | courtroom
Philadelphia | 1993 | 6 | Drama | courtroom tom-hanks demme lgbt
Erin Brockovich | 2000 | 5 | Drama | soderbergh julia-roberts courtroom biopic
Do the Right Thing | 1989 | 5 | Drama | spike-lee new-york
Malcolm X | 1992 | 4 | Drama | spike-lee biopic
BlacKkKlansman | 2018 | 4 | Comedy Crime Drama | spike-lee undercover cop
Boyz n the Hood | 1991 | 4 | Crime Drama | coming-of-age gritty
The Shawshank Redemption | 1994 | 9 | Crime Drama | stephen-king darabont prison
The Green Mile | 1999 | 7 | Crime Drama | stephen-king darabont prison tom-hanks supernatural
Forrest Gump | 1994 | 9 | Comedy Drama Romance War | zemeckis tom-hanks feel-good vietnam
Cast Away | 2000 | 7 | Drama | zemeckis tom-hanks survival
Apollo 13 | 1995 | 8 | Adventure Drama | tom-hanks ron-howard space survival
A Beautiful Mind | 2001 | 7 | Drama Romance | ron-howard biopic
Frost/Nixon | 2008 | 3 | Drama | ron-howard political journalism
JFK | 1991 | 5 | Drama Mystery Thriller | oliver-stone political seventies-paranoia
Wall Street | 1987 | 4 | Drama | oliver-stone finance
The Wolf of Wall Street | 2013 | 7 | Comedy Crime Drama | scorsese dicaprio finance
The Big Short | 2015 | 5 | Drama | finance brad-pitt
Spotlight | 2015 | 5 | Drama Thriller | journalism
The Social Network | 2010 | 6 | Drama | fincher sorkin biopic
Steve Jobs | 2015 | 3 | Drama | sorkin boyle biopic
The Curious Case of Benjamin Button | 2008 | 5 | Drama Fantasy Mystery Romance | fincher brad-pitt
American Beauty | 1999 | 8 | Drama Romance | mendes satire
American History X | 1998 | 7 | Crime Drama | gritty prison
Requiem for a Dream | 2000 | 7 | Drama | aronofsky gritty drugs
Black Swan | 2010 | 6 | Drama Thriller | aronofsky dance mind-bending
Trainspotting | 1996 | 7 | Comedy Crime Drama | boyle uk drugs cult
Slumdog Millionaire | 2008 | 6 | Crime Drama Romance | boyle india
127 Hours | 2010 | 4 | Adventure Drama Thriller | boyle survival
Billy Elliot | 2000 | 5 | Drama | uk dance coming-of-age
Kes | 1969 | 2 | Drama | uk coming-of-age
Secrets & Lies | 1996 | 4 | Drama | uk
Boogie Nights | 1997 | 6 | Drama | paul-thomas-anderson
Magnolia | 1999 | 6 | Drama | paul-thomas-anderson tom-cruise
There Will Be Blood | 2007 | 6 | Drama Western | paul-thomas-anderson period slow-burn character-study
The Master | 2012 | 4 | Drama | paul-thomas-anderson slow-burn character-study
Phantom Thread | 2017 | 3 | Drama Romance | paul-thomas-anderson period slow-burn
Nashville | 1975 | 4 | Drama Musical | altman new-hollywood music
Short Cuts | 1993 | 3 | Drama | altman
Almost Famous | 2000 | 6 | Drama | music coming-of-age journalism
Walk the Line | 2005 | 5 | Drama Musical Romance | music biopic
Bohemian Rhapsody | 2018 | 4 | Drama | music biopic
Whiplash | 2014 | 6 | Drama | chazelle music
The Virgin Suicides | 1999 | 5 | Drama Romance | sofia-coppola coming-of-age
Boyhood | 2014 | 4 | Drama | linklater coming-of-age
Lady Bird | 2017 | 5 | Comedy Drama | gerwig a24 coming-of-age indie
Moonlight | 2016 | 5 | Drama | a24 lgbt coming-of-age
The Florida Project | 2017 | 3 | Drama | a24 sean-baker indie
Anora | 2024 | 3 | Comedy Drama Romance | sean-baker indie new-york
Manchester by the Sea | 2016 | 4 | Drama | tearjerker slow-burn
Nomadland | 2020 | 3 | Drama | road slow-burn
Marriage Story | 2019 | 4 | Comedy Drama | baumbach
Frances Ha | 2012 | 3 | Comedy Drama | baumbach gerwig indie new-york
Birdman | 2014 | 5 | Comedy Drama | inarritu stage surreal
The Revenant | 2015 | 5 | Adventure Drama | inarritu dicaprio survival
Into the Wild | 2007 | 5 | Action Adventure Drama | road survival biopic
Life of Pi | 2012 | 5 | Adventure Drama | ang-lee survival animals
The King's Speech | 2010 | 6 | Drama | uk biopic period
The Imitation Game | 2014 | 6 | Drama Thriller War | uk biopic ww2
The Theory of Everything | 2014 | 4 | Drama Romance | uk biopic
Lincoln | 2012 | 4 | Drama War | spielberg biopic political
Oppenheimer | 2023 | 6 | Drama Thriller | nolan biopic epic ww2
Selma | 2014 | 3 | Drama | biopic political
12 Years a Slave | 2013 | 5 | Drama | biopic period
The Color Purple | 1985 | 4 | Drama | spielberg period
Thelma & Louise | 1991 | 5 | Adventure Crime Drama | ridley-scott road
The Piano | 1993 | 5 | Drama Romance | campion new-zealand period
Leaving Las Vegas | 1995 | 5 | Drama Romance | nicolas-cage character-study
Dallas Buyers Club | 2013 | 4 | Drama | biopic lgbt
Tár | 2022 | 3 | Drama | music character-study slow-burn
The Brutalist | 2024 | 2 | Drama | a24 epic period
`;
