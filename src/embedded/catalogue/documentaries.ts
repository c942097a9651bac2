/** Documentaries; `rows.ts` describes a row. */
export const documentaries = `
Nanook of the North | 1922 | 2 | Documentary | silent nature-documentary
Man with a Movie Camera | 1929 | 2 | Documentary | silent soviet
Don't Look Back | 1967 | 2 | Documentary Musical | music-documentary
Woodstock | 1970 | 3 | Documentary Musical | music-documentary
Stop Making Sense | 1984 | 3 | Documentary Musical | music-documentary
Koyaanisqatsi | 1982 | 3 | Documentary | nature-documentary slow-burn
The Thin Blue Line | 1988 | 3 | Documentary | errol-morris true-crime
The Fog of War | 2003 | 4 | Documentary War | errol-morris political
Roger & Me | 1989 | 4 | Documentary | michael-moore political
Bowling for Columbine | 2002 | 6 | Documentary | michael-moore political
Fahrenheit 9/11 | 2004 | 5 | Documentary | michael-moore political
Hoop Dreams | 1994 | 5 | Documentary | sports
When We Were Kings | 1996 | 3 | Documentary | sports boxing
Crumb | 1994 | 4 | Documentary | art-documentary
Buena Vista Social Club | 1999 | 3 | Documentary Musical | music-documentary wenders
Spellbound | 2002 | 3 | Documentary | feel-good
Capturing the Friedmans | 2003 | 3 | Documentary | true-crime
Super Size Me | 2004 | 5 | Comedy Documentary Drama | food
Grizzly Man | 2005 | 4 | Documentary | herzog nature-documentary
March of the Penguins | 2005 | 4 | Documentary | nature-documentary animals france
An Inconvenient Truth | 2006 | 4 | Documentary | political nature-documentary
Man on Wire | 2008 | 4 | Documentary | art-documentary
Exit Through the Gift Shop | 2010 | 4 | Comedy Documentary | art-documentary
Searching for Sugar Man | 2012 | 4 | Documentary | music-documentary
The Act of Killing | 2012 | 3 | Documentary | political true-crime
Blackfish | 2013 | 3 | Documentary | animals nature-documentary
Citizenfour | 2014 | 3 | Documentary | political
Free Solo | 2018 | 3 | Documentary | sports nature-documentary
Won't You Be My Neighbor? | 2018 | 2 | Documentary | feel-good
Apollo 11 | 2019 | 3 | Documentary | space
My Octopus Teacher | 2020 | 3 | Documentary | nature-documentary animals
Summer of Soul | 2021 | 2 | Documentary Musical | music-documentary
`;
