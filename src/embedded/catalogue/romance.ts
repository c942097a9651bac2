/** Romance and musicals; `rows.ts` describes a row. */
export const romance = `
Gone with the Wind | 1939 | 7 | Drama Romance War | hollywood-classic epic period classic-romance
Casablanca | 1942 | 8 | Drama Romance | hollywood-classic bogart bergman-ingrid ww2 classic-romance
Brief Encounter | 1945 | 4 | Drama Romance | uk david-lean classic-romance
Roman Holiday | 1953 | 5 | Comedy Drama Romance | hollywood-classic audrey-hepburn classic-romance
Sabrina | 1954 | 4 | Comedy Romance | hollywood-classic audrey-hepburn wilder bogart
Breakfast at Tiffany's | 1961 | 6 | Drama Romance | hollywood-classic audrey-hepburn classic-romance new-york
An Affair to Remember | 1957 | 3 | Drama Romance | hollywood-classic cary-grant classic-romance
All That Heaven Allows | 1955 | 2 | Drama Romance | hollywood-classic classic-romance
Doctor Zhivago | 1965 | 5 | Drama Romance War | david-lean epic period classic-romance
The Graduate | 1967 | 7 | Comedy Drama Romance | new-hollywood mike-nichols coming-of-age
Love Story | 1970 | 3 | Drama Romance | tearjerker
Out of Africa | 1985 | 4 | Drama Romance | period redford meryl-streep
When Harry Met Sally... | 1989 | 7 | Comedy Romance | romcom rob-reiner nora-ephron meg-ryan new-york
Sleepless in Seattle | 1993 | 7 | Comedy Drama Romance | romcom nora-ephron meg-ryan tom-hanks nineties-romance
You've Got Mail | 1998 | 5 | Comedy Romance | romcom nora-ephron meg-ryan tom-hanks nineties-romance
Pretty Woman | 1990 | 7 | Comedy Romance | romcom julia-roberts nineties-romance
My Best Friend's Wedding | 1997 | 5 | Comedy Romance | romcom julia-roberts nineties-romance
Notting Hill | 1999 | 6 | Comedy Romance | romcom julia-roberts hugh-grant richard-curtis uk nineties-romance
Four Weddings and a Funeral | 1994 | 6 | Comedy Romance | romcom hugh-grant richard-curtis uk nineties-romance
Love Actually | 2003 | 6 | Comedy Drama Romance | romcom hugh-grant richard-curtis uk christmas
About Time | 2013 | 4 | Comedy Drama Fantasy Romance | romcom richard-curtis uk time-travel
Bridget Jones's Diary | 2001 | 6 | Comedy Drama Romance | romcom hugh-grant uk jane-austen
While You Were Sleeping | 1995 | 5 | Comedy Romance | romcom nineties-romance
Jerry Maguire | 1996 | 6 | Drama Romance | tom-cruise sports nineties-romance
As Good as It Gets | 1997 | 6 | Comedy Drama Romance | nicholson romcom nineties-romance
Shakespeare in Love | 1998 | 7 | Comedy Drama Romance | period shakespeare uk nineties-romance
The Wedding Singer | 1998 | 5 | Comedy Romance | romcom adam-sandler nineties-romance
50 First Dates | 2004 | 4 | Comedy Romance | romcom adam-sandler
Punch-Drunk Love | 2002 | 4 | Comedy Drama Romance | paul-thomas-anderson adam-sandler quirky
How to Lose a Guy in 10 Days | 2003 | 4 | Comedy Romance | romcom
The Devil Wears Prada | 2006 | 5 | Comedy Drama | meryl-streep new-york
The Notebook | 2004 | 6 | Drama Romance | tearjerker
The Proposal | 2009 | 4 | Comedy Romance | romcom
(500) Days of Summer | 2009 | 6 | Comedy Drama Romance | romcom indie quirky
Silver Linings Playbook | 2012 | 5 | Comedy Drama Romance | romcom david-o-russell
Crazy, Stupid, Love. | 2011 | 5 | Comedy Drama Romance | romcom
Crazy Rich Asians | 2018 | 4 | Comedy Romance | romcom
My Big Fat Greek Wedding | 2002 | 5 | Comedy Romance | romcom
Dirty Dancing | 1987 | 5 | Drama Musical Romance | dance
Ghost | 1990 | 6 | Comedy Drama Fantasy Romance Thriller | tearjerker supernatural zucker nineties-romance
Titanic | 1997 | 8 | Drama Romance | cameron dicaprio disaster epic tearjerker period
The English Patient | 1996 | 5 | Drama Romance War | period epic ww2
Romeo + Juliet | 1996 | 5 | Drama Romance | shakespeare dicaprio luhrmann
A Room with a View | 1985 | 4 | Drama Romance | merchant-ivory period uk costume-drama
Howards End | 1992 | 4 | Drama Romance | merchant-ivory period uk costume-drama emma-thompson
The Remains of the Day | 1993 | 5 | Drama Romance | merchant-ivory period uk costume-drama emma-thompson
Sense and Sensibility | 1995 | 6 | Drama Romance | jane-austen period uk costume-drama emma-thompson ang-lee
Emma | 1996 | 4 | Comedy Drama Romance | jane-austen period uk costume-drama
Pride & Prejudice | 2005 | 5 | Drama Romance | jane-austen period uk costume-drama joe-wright
Atonement | 2007 | 5 | Drama Romance War | period uk costume-drama joe-wright ww2
The Age of Innocence | 1993 | 4 | Drama Romance | scorsese period costume-drama
Little Women | 1994 | 4 | Drama Romance | period costume-drama coming-of-age
Little Women | 2019 | 4 | Drama Romance | gerwig period costume-drama coming-of-age
Dangerous Liaisons | 1988 | 4 | Drama Romance | period costume-drama
Before Sunrise | 1995 | 6 | Drama Romance | linklater franchise:before indie talky
Before Sunset | 2004 | 5 | Drama Romance | linklater franchise:before indie talky
Before Midnight | 2013 | 4 | Drama Romance | linklater franchise:before indie talky
Lost in Translation | 2003 | 7 | Comedy Drama Romance | sofia-coppola bill-murray indie slow-burn
Brokeback Mountain | 2005 | 5 | Drama Romance | ang-lee lgbt
Carol | 2015 | 4 | Drama Romance | lgbt period christmas
Call Me by Your Name | 2017 | 4 | Drama Romance | lgbt coming-of-age italy
Portrait of a Lady on Fire | 2019 | 3 | Drama Romance | lgbt france period
Past Lives | 2023 | 3 | Drama Romance | a24 korea talky
The Jazz Singer | 1927 | 2 | Drama Musical Romance | hollywood-classic music
42nd Street | 1933 | 3 | Drama Musical Romance | hollywood-classic stage-musical
Top Hat | 1935 | 3 | Comedy Musical Romance | hollywood-classic astaire dance
Meet Me in St. Louis | 1944 | 3 | Musical | hollywood-classic minnelli mgm-musical
An American in Paris | 1951 | 4 | Musical Romance | hollywood-classic minnelli mgm-musical gene-kelly dance
Singin' in the Rain | 1952 | 7 | Comedy Musical Romance | hollywood-classic mgm-musical gene-kelly donen dance hollywood-story
The Band Wagon | 1953 | 3 | Comedy Musical Romance | hollywood-classic minnelli mgm-musical astaire dance
Seven Brides for Seven Brothers | 1954 | 3 | Comedy Musical Romance Western | hollywood-classic mgm-musical donen dance
Guys and Dolls | 1955 | 3 | Comedy Musical Romance | hollywood-classic stage-musical
The King and I | 1956 | 4 | Drama Musical Romance | hollywood-classic stage-musical rodgers-hammerstein
Gigi | 1958 | 3 | Musical | hollywood-classic minnelli mgm-musical
West Side Story | 1961 | 5 | Drama Musical Romance | hollywood-classic stage-musical dance shakespeare
My Fair Lady | 1964 | 5 | Comedy Drama Musical Romance | hollywood-classic stage-musical audrey-hepburn
The Umbrellas of Cherbourg | 1964 | 3 | Drama Musical Romance | france
The Sound of Music | 1965 | 6 | Musical Romance | hollywood-classic stage-musical rodgers-hammerstein
Oliver! | 1968 | 3 | Drama Musical | uk stage-musical carol-reed
Funny Girl | 1968 | 3 | Drama Musical Romance | stage-musical
Fiddler on the Roof | 1971 | 4 | Drama Musical | stage-musical
Cabaret | 1972 | 5 | Drama Musical | stage-musical fosse
All That Jazz | 1979 | 3 | Drama Fantasy Musical | fosse dance
Jesus Christ Superstar | 1973 | 3 | Drama Musical | stage-musical biblical
The Rocky Horror Picture Show | 1975 | 5 | Comedy Horror Musical Sci-Fi | cult stage-musical lgbt
Saturday Night Fever | 1977 | 4 | Drama Musical Romance | dance music
Grease | 1978 | 6 | Comedy Musical Romance | stage-musical teen dance
Hair | 1979 | 3 | Comedy Drama Musical | stage-musical
Little Shop of Horrors | 1986 | 4 | Comedy Horror Musical | stage-musical cult
Evita | 1996 | 4 | Drama Musical | stage-musical biopic
Dancer in the Dark | 2000 | 4 | Drama Musical | von-trier denmark tearjerker
Moulin Rouge | 2001 | 6 | Drama Musical Romance | luhrmann dance
Chicago | 2002 | 6 | Comedy Crime Drama Musical | stage-musical fosse dance
The Phantom of the Opera | 2004 | 4 | Drama Musical Romance | stage-musical gothic
Hairspray | 2007 | 4 | Comedy Drama Musical | stage-musical dance
Mamma Mia! | 2008 | 4 | Comedy Musical Romance | stage-musical meryl-streep
Les Misérables | 2012 | 4 | Drama Musical Romance | stage-musical period
La La Land | 2016 | 6 | Comedy Drama Musical Romance | chazelle music dance hollywood-story
The Greatest Showman | 2017 | 4 | Drama Musical | music
Wicked | 2024 | 3 | Fantasy Musical Romance | stage-musical witches
A Star Is Born | 2018 | 4 | Drama Musical Romance | music
Once | 2007 | 4 | Drama Musical Romance | ireland music indie
`;
