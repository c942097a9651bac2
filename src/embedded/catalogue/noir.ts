/** Hitchcock, film noir and the suspense of classic Hollywood; `rows.ts` describes a row. */
export const noir = `
Psycho | 1960 | 8 | Crime Horror | hitchcock serial-killer hollywood-classic
Vertigo | 1958 | 7 | Drama Mystery Romance Thriller | hitchcock james-stewart hollywood-classic
Rear Window | 1954 | 8 | Mystery Thriller | hitchcock james-stewart grace-kelly hollywood-classic
North by Northwest | 1959 | 7 | Action Adventure Mystery Romance Thriller | hitchcock cary-grant spy hollywood-classic
The Birds | 1963 | 6 | Horror Thriller | hitchcock animals hollywood-classic
Notorious | 1946 | 5 | Film-Noir Romance Thriller | hitchcock cary-grant spy bergman-ingrid hollywood-classic
Rebecca | 1940 | 5 | Drama Mystery Romance Thriller | hitchcock gothic hollywood-classic
Strangers on a Train | 1951 | 5 | Crime Drama Film-Noir Thriller | hitchcock hollywood-classic
Dial M for Murder | 1954 | 5 | Crime Mystery Thriller | hitchcock grace-kelly hollywood-classic
Rope | 1948 | 5 | Crime Drama Thriller | hitchcock james-stewart hollywood-classic
Shadow of a Doubt | 1943 | 4 | Crime Drama Thriller | hitchcock serial-killer hollywood-classic
To Catch a Thief | 1955 | 4 | Crime Mystery Romance Thriller | hitchcock cary-grant grace-kelly hollywood-classic
Spellbound | 1945 | 3 | Mystery Romance Thriller | hitchcock bergman-ingrid hollywood-classic
The Lady Vanishes | 1938 | 4 | Drama Mystery Thriller | hitchcock uk spy
The 39 Steps | 1935 | 4 | Drama Mystery Thriller | hitchcock uk spy
The Man Who Knew Too Much | 1956 | 3 | Adventure Drama Mystery Thriller | hitchcock james-stewart hollywood-classic
Frenzy | 1972 | 3 | Thriller | hitchcock serial-killer uk
Charade | 1963 | 5 | Comedy Crime Mystery Romance Thriller | cary-grant audrey-hepburn hollywood-classic donen
The Maltese Falcon | 1941 | 6 | Film-Noir Mystery | noir detective huston bogart hollywood-classic
The Big Sleep | 1946 | 5 | Crime Film-Noir Mystery Thriller | noir detective hawks bogart hollywood-classic
Double Indemnity | 1944 | 6 | Crime Drama Film-Noir | noir wilder femme-fatale hollywood-classic
Sunset Boulevard | 1950 | 6 | Drama Film-Noir Romance | noir wilder hollywood-story hollywood-classic
Laura | 1944 | 4 | Crime Film-Noir Mystery | noir detective hollywood-classic
Out of the Past | 1947 | 3 | Film-Noir | noir femme-fatale detective hollywood-classic
The Killers | 1946 | 3 | Crime Film-Noir | noir femme-fatale hollywood-classic
Gilda | 1946 | 3 | Drama Film-Noir Mystery Romance | noir femme-fatale hollywood-classic
The Postman Always Rings Twice | 1946 | 3 | Crime Film-Noir Thriller | noir femme-fatale hollywood-classic
The Lady from Shanghai | 1947 | 3 | Drama Film-Noir Mystery | noir welles femme-fatale hollywood-classic
Touch of Evil | 1958 | 5 | Crime Film-Noir Thriller | noir welles hollywood-classic
The Third Man | 1949 | 6 | Film-Noir Mystery Thriller | noir carol-reed welles uk
The Asphalt Jungle | 1950 | 3 | Crime Film-Noir | noir heist huston hollywood-classic
The Killing | 1956 | 4 | Crime Film-Noir | noir heist kubrick hollywood-classic
Kiss Me Deadly | 1955 | 3 | Film-Noir | noir detective hollywood-classic
In a Lonely Place | 1950 | 3 | Drama Film-Noir Mystery Romance | noir bogart hollywood-story hollywood-classic
Key Largo | 1948 | 3 | Crime Drama Film-Noir Thriller | noir huston bogart gangster hollywood-classic
Sweet Smell of Success | 1957 | 3 | Drama Film-Noir | noir journalism hollywood-classic
The Night of the Hunter | 1955 | 5 | Drama Film-Noir Thriller | noir serial-killer gothic hollywood-classic
M | 1931 | 5 | Crime Film-Noir Thriller | lang serial-killer germany
Diabolique | 1955 | 4 | Horror Mystery Thriller | france twist
Rififi | 1955 | 4 | Crime Film-Noir Thriller | france heist noir
Elevator to the Gallows | 1958 | 3 | Crime Drama Thriller | france noir
Le Samouraï | 1967 | 4 | Crime Drama Thriller | france melville hitman
Le Cercle Rouge | 1970 | 3 | Crime Thriller | france melville heist
The Wages of Fear | 1953 | 4 | Action Adventure Drama Thriller | france
Peeping Tom | 1960 | 3 | Drama Horror Thriller | uk serial-killer michael-powell
`;
