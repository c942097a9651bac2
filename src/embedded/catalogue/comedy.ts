/** Comedies; `rows.ts` describes a row. */
export const comedy = `
The Kid | 1921 | 3 | Comedy Drama | silent chaplin slapstick
The Gold Rush | 1925 | 4 | Adventure Comedy Romance | silent chaplin slapstick
City Lights | 1931 | 5 | Comedy Drama Romance | silent chaplin slapstick
Modern Times | 1936 | 5 | Comedy Drama Romance | silent chaplin slapstick satire
The Great Dictator | 1940 | 5 | Comedy Drama War | chaplin satire ww2 hollywood-classic
Sherlock Jr. | 1924 | 3 | Comedy | silent keaton slapstick
The General | 1926 | 4 | Adventure Comedy War | silent keaton slapstick
Duck Soup | 1933 | 5 | Comedy Musical War | marx-brothers slapstick satire hollywood-classic
A Night at the Opera | 1935 | 4 | Comedy Musical Romance | marx-brothers slapstick hollywood-classic
It Happened One Night | 1934 | 5 | Comedy Romance | screwball capra hollywood-classic
Bringing Up Baby | 1938 | 5 | Comedy Romance | screwball hawks cary-grant katharine-hepburn hollywood-classic
His Girl Friday | 1940 | 5 | Comedy Romance | screwball hawks cary-grant journalism hollywood-classic
The Philadelphia Story | 1940 | 5 | Comedy Drama Romance | screwball cary-grant katharine-hepburn james-stewart hollywood-classic
The Lady Eve | 1941 | 4 | Comedy Romance | screwball preston-sturges con hollywood-classic
Sullivan's Travels | 1941 | 3 | Adventure Comedy Romance | screwball preston-sturges hollywood-story hollywood-classic
The Shop Around the Corner | 1940 | 4 | Comedy Drama Romance | lubitsch james-stewart christmas hollywood-classic
To Be or Not to Be | 1942 | 4 | Comedy Drama War | lubitsch screwball ww2 hollywood-classic
Arsenic and Old Lace | 1944 | 5 | Comedy Mystery Thriller | capra cary-grant screwball dark-comedy hollywood-classic
Some Like It Hot | 1959 | 7 | Comedy Crime | wilder screwball hollywood-classic
The Apartment | 1960 | 6 | Comedy Drama Romance | wilder jack-lemmon hollywood-classic
Kind Hearts and Coronets | 1949 | 3 | Comedy Drama | uk ealing dark-comedy
The Ladykillers | 1955 | 3 | Comedy Crime | uk ealing heist dark-comedy
Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb | 1964 | 8 | Comedy War | kubrick satire dark-comedy peter-sellers
The Pink Panther | 1963 | 4 | Comedy Crime | franchise:pink-panther peter-sellers slapstick
A Shot in the Dark | 1964 | 3 | Comedy Crime Mystery | franchise:pink-panther peter-sellers slapstick
Being There | 1979 | 4 | Comedy Drama | ashby peter-sellers satire
Harold and Maude | 1971 | 5 | Comedy Drama Romance | ashby dark-comedy cult new-hollywood
The Odd Couple | 1968 | 4 | Comedy | jack-lemmon buddy
M*A*S*H | 1970 | 5 | Comedy Drama War | altman satire new-hollywood
Blazing Saddles | 1974 | 6 | Comedy Western | mel-brooks parody
Young Frankenstein | 1974 | 6 | Comedy Fantasy | mel-brooks parody
The Producers | 1967 | 4 | Comedy | mel-brooks satire
Spaceballs | 1987 | 5 | Comedy Sci-Fi | mel-brooks parody
Monty Python and the Holy Grail | 1975 | 8 | Adventure Comedy Fantasy | monty-python gilliam parody uk cult arthurian
Life of Brian | 1979 | 6 | Comedy | monty-python parody satire uk
The Meaning of Life | 1983 | 4 | Comedy | monty-python satire uk
A Fish Called Wanda | 1988 | 6 | Comedy Crime | heist uk
Annie Hall | 1977 | 6 | Comedy Romance | woody-allen new-york
Manhattan | 1979 | 5 | Comedy Drama Romance | woody-allen new-york
Hannah and Her Sisters | 1986 | 4 | Comedy Drama Romance | woody-allen new-york
Midnight in Paris | 2011 | 5 | Comedy Fantasy Romance | woody-allen time-travel
National Lampoon's Animal House | 1978 | 6 | Comedy | snl raunchy john-landis
The Blues Brothers | 1980 | 6 | Action Comedy Musical | snl john-landis music cult
Airplane! | 1980 | 7 | Comedy | zucker parody
The Naked Gun: From the Files of Police Squad! | 1988 | 6 | Comedy Crime | zucker parody cop
Top Secret! | 1984 | 3 | Comedy | zucker parody spy
Caddyshack | 1980 | 5 | Comedy | snl bill-murray sports harold-ramis
Stripes | 1981 | 4 | Action Comedy War | snl bill-murray
Ghostbusters | 1984 | 8 | Comedy Fantasy Sci-Fi | franchise:ghostbusters snl bill-murray eighties-adventure supernatural
Ghostbusters II | 1989 | 5 | Comedy Fantasy Sci-Fi | franchise:ghostbusters snl bill-murray eighties-adventure supernatural
Groundhog Day | 1993 | 8 | Comedy Fantasy Romance | bill-murray harold-ramis time-travel feel-good
What About Bob? | 1991 | 4 | Comedy | bill-murray
National Lampoon's Vacation | 1983 | 4 | Comedy | snl harold-ramis road
Planes, Trains & Automobiles | 1987 | 5 | Comedy | john-hughes road buddy
The Breakfast Club | 1985 | 7 | Comedy Drama | john-hughes teen coming-of-age
Ferris Bueller's Day Off | 1986 | 7 | Comedy | john-hughes teen feel-good
Sixteen Candles | 1984 | 4 | Comedy Romance | john-hughes teen
Heathers | 1989 | 4 | Comedy | teen dark-comedy cult
Fast Times at Ridgemont High | 1982 | 4 | Comedy Drama Romance | teen raunchy
Trading Places | 1983 | 5 | Comedy | eddie-murphy john-landis snl con
Coming to America | 1988 | 5 | Comedy Romance | eddie-murphy john-landis
Big | 1988 | 6 | Comedy Drama Fantasy Romance | tom-hanks feel-good
This Is Spinal Tap | 1984 | 5 | Comedy | rob-reiner mockumentary music
Best in Show | 2000 | 4 | Comedy | mockumentary
Bill & Ted's Excellent Adventure | 1989 | 5 | Adventure Comedy Sci-Fi | keanu-reeves time-travel stoner
Wayne's World | 1992 | 6 | Adventure Comedy | snl music stoner
Austin Powers: International Man of Mystery | 1997 | 6 | Action Adventure Comedy | franchise:austin-powers parody spy
Austin Powers: The Spy Who Shagged Me | 1999 | 6 | Action Adventure Comedy | franchise:austin-powers parody spy
Dumb & Dumber | 1994 | 6 | Adventure Comedy | jim-carrey farrelly slapstick raunchy road
Ace Ventura: Pet Detective | 1994 | 5 | Comedy | jim-carrey slapstick
Liar Liar | 1997 | 5 | Comedy | jim-carrey
Bruce Almighty | 2003 | 5 | Comedy Drama Fantasy Romance | jim-carrey
There's Something About Mary | 1998 | 6 | Comedy Romance | farrelly raunchy
American Pie | 1999 | 6 | Comedy Romance | teen raunchy
Clueless | 1995 | 6 | Comedy Romance | teen jane-austen nineties-romance
10 Things I Hate About You | 1999 | 5 | Comedy Romance | teen shakespeare nineties-romance
Mean Girls | 2004 | 6 | Comedy | teen snl
Superbad | 2007 | 6 | Comedy | apatow teen raunchy
The 40-Year-Old Virgin | 2005 | 5 | Comedy Romance | apatow raunchy
Knocked Up | 2007 | 5 | Comedy Drama Romance | apatow raunchy
Bridesmaids | 2011 | 5 | Comedy | apatow raunchy
The Hangover | 2009 | 6 | Comedy Crime | raunchy
Anchorman: The Legend of Ron Burgundy | 2004 | 6 | Comedy | will-ferrell apatow journalism raunchy
Step Brothers | 2008 | 4 | Comedy | will-ferrell apatow raunchy
Zoolander | 2001 | 5 | Comedy | ben-stiller parody
Meet the Parents | 2000 | 5 | Comedy | ben-stiller
Tropic Thunder | 2008 | 5 | Action Adventure Comedy War | ben-stiller parody
Clerks | 1994 | 6 | Comedy | kevin-smith indie stoner
Dogma | 1999 | 5 | Adventure Comedy Fantasy | kevin-smith satire
Office Space | 1999 | 7 | Comedy Crime | satire cult
Borat | 2006 | 6 | Comedy | mockumentary raunchy satire
School of Rock | 2003 | 5 | Comedy Musical | linklater music feel-good
Dazed and Confused | 1993 | 5 | Comedy | linklater teen stoner coming-of-age
The Truman Show | 1998 | 8 | Comedy Drama Sci-Fi | jim-carrey satire peter-weir
Being John Malkovich | 1999 | 7 | Comedy Drama Fantasy | spike-jonze surreal quirky indie
Adaptation. | 2002 | 5 | Comedy Drama Romance | spike-jonze nicolas-cage quirky indie
Rushmore | 1998 | 6 | Comedy Drama | wes-anderson bill-murray quirky indie
The Royal Tenenbaums | 2001 | 7 | Comedy Drama | wes-anderson quirky indie
The Life Aquatic with Steve Zissou | 2004 | 5 | Adventure Comedy Fantasy | wes-anderson bill-murray quirky indie
Moonrise Kingdom | 2012 | 5 | Comedy Drama Romance | wes-anderson quirky indie coming-of-age
The Grand Budapest Hotel | 2014 | 6 | Comedy Drama | wes-anderson quirky indie
Raising Arizona | 1987 | 5 | Comedy | coen nicolas-cage quirky
O Brother, Where Art Thou? | 2000 | 6 | Adventure Comedy Crime | coen clooney quirky music road
Burn After Reading | 2008 | 4 | Comedy Crime Drama | coen clooney brad-pitt dark-comedy
Little Miss Sunshine | 2006 | 6 | Adventure Comedy Drama | quirky indie road
Juno | 2007 | 6 | Comedy Drama Romance | quirky indie teen
Napoleon Dynamite | 2004 | 5 | Comedy | quirky indie teen cult
Ghost World | 2001 | 4 | Comedy Drama | quirky indie teen
Sideways | 2004 | 5 | Comedy Drama Romance | alexander-payne indie road
Election | 1999 | 5 | Comedy | alexander-payne teen satire
Withnail & I | 1987 | 3 | Comedy | uk cult
The Full Monty | 1997 | 6 | Comedy Drama | uk feel-good
Triangle of Sadness | 2022 | 3 | Comedy Drama | satire sweden
The Banshees of Inisherin | 2022 | 3 | Comedy Drama | mcdonagh ireland dark-comedy
Poor Things | 2023 | 4 | Comedy Drama Fantasy Romance | lanthimos surreal quirky
The Favourite | 2018 | 4 | Comedy Drama | lanthimos period uk dark-comedy
The Lobster | 2015 | 4 | Comedy Romance Sci-Fi | lanthimos surreal quirky
Barbie | 2023 | 5 | Adventure Comedy Fantasy | gerwig satire toys
`;
