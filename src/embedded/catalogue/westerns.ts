/** Westerns; `rows.ts` describes a row. */
export const westerns = `
Stagecoach | 1939 | 4 | Action Drama Romance Western | john-ford john-wayne classic-western hollywood-classic
My Darling Clementine | 1946 | 3 | Western | john-ford henry-fonda classic-western hollywood-classic
Red River | 1948 | 3 | Action Adventure Western | hawks john-wayne classic-western hollywood-classic
The Treasure of the Sierra Madre | 1948 | 5 | Action Adventure Drama Western | huston bogart treasure hollywood-classic
High Noon | 1952 | 5 | Drama Western | classic-western hollywood-classic
Shane | 1953 | 4 | Drama Western | classic-western hollywood-classic
Johnny Guitar | 1954 | 3 | Drama Western | classic-western hollywood-classic
The Searchers | 1956 | 5 | Drama Western | john-ford john-wayne classic-western hollywood-classic
Rio Bravo | 1959 | 4 | Western | hawks john-wayne classic-western hollywood-classic
The Magnificent Seven | 1960 | 5 | Action Adventure Western | classic-western steve-mcqueen
The Man Who Shot Liberty Valance | 1962 | 4 | Crime Drama Western | john-ford john-wayne james-stewart classic-western
True Grit | 1969 | 4 | Adventure Drama Western | john-wayne classic-western
True Grit | 2010 | 5 | Western | coen revenge modern-western
A Fistful of Dollars | 1964 | 5 | Action Western | leone eastwood spaghetti-western franchise:man-with-no-name
For a Few Dollars More | 1965 | 5 | Action Drama Thriller Western | leone eastwood spaghetti-western franchise:man-with-no-name
The Good, the Bad and the Ugly | 1966 | 8 | Action Adventure Western | leone eastwood spaghetti-western franchise:man-with-no-name
Once Upon a Time in the West | 1968 | 6 | Action Drama Western | leone spaghetti-western revenge
Django | 1966 | 3 | Action Western | spaghetti-western revenge
Butch Cassidy and the Sundance Kid | 1969 | 6 | Action Western | redford newman buddy modern-western
The Wild Bunch | 1969 | 5 | Adventure Western | modern-western gritty
McCabe & Mrs. Miller | 1971 | 3 | Drama Western | altman new-hollywood modern-western
High Plains Drifter | 1973 | 3 | Western | eastwood revenge modern-western
The Outlaw Josey Wales | 1976 | 4 | Action Adventure Drama Thriller Western | eastwood revenge modern-western
Pale Rider | 1985 | 3 | Western | eastwood modern-western
Unforgiven | 1992 | 7 | Drama Western | eastwood revenge modern-western
Dances with Wolves | 1990 | 7 | Adventure Drama Western | costner epic modern-western
Open Range | 2003 | 3 | Western | costner modern-western
Tombstone | 1993 | 5 | Action Drama Western | modern-western
Dead Man | 1995 | 3 | Drama Mystery Western | johnny-depp modern-western
3:10 to Yuma | 2007 | 5 | Action Crime Drama Western | modern-western
The Assassination of Jesse James by the Coward Robert Ford | 2007 | 4 | Crime Drama Western | modern-western brad-pitt slow-burn
Hell or High Water | 2016 | 4 | Crime Drama Western | modern-western heist
The Power of the Dog | 2021 | 3 | Drama Western | campion modern-western slow-burn
`;
