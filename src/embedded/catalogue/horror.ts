/** Horror; `rows.ts` describes a row. */
export const horror = `
Nosferatu | 1922 | 4 | Horror | silent vampire germany murnau
The Cabinet of Dr. Caligari | 1920 | 3 | Crime Fantasy Horror | silent germany surreal
Dracula | 1931 | 4 | Horror | universal-monsters vampire hollywood-classic
Frankenstein | 1931 | 5 | Drama Horror Sci-Fi | universal-monsters james-whale hollywood-classic
Bride of Frankenstein | 1935 | 4 | Drama Horror Sci-Fi | universal-monsters james-whale hollywood-classic
The Invisible Man | 1933 | 3 | Horror Sci-Fi | universal-monsters james-whale hollywood-classic
Freaks | 1932 | 3 | Crime Drama Horror | hollywood-classic cult
Horror of Dracula | 1958 | 2 | Horror | vampire uk
The Innocents | 1961 | 3 | Drama Horror Thriller | haunted-house uk gothic
The Haunting | 1963 | 3 | Horror Thriller | haunted-house gothic
Rosemary's Baby | 1968 | 6 | Drama Horror Thriller | polanski satanic supernatural
The Exorcist | 1973 | 7 | Horror Mystery | friedkin satanic supernatural
The Omen | 1976 | 4 | Horror Mystery Thriller | satanic supernatural
The Wicker Man | 1973 | 4 | Horror Mystery Thriller | uk folk-horror cult
Don't Look Now | 1973 | 3 | Drama Horror Mystery Thriller | uk supernatural
Suspiria | 1977 | 4 | Horror | italy argento giallo witches
Deep Red | 1975 | 3 | Horror Mystery Thriller | italy argento giallo
Carrie | 1976 | 5 | Drama Fantasy Horror Thriller | de-palma stephen-king teen supernatural
The Shining | 1980 | 8 | Horror | kubrick stephen-king nicholson haunted-house
Misery | 1990 | 5 | Drama Horror Thriller | stephen-king rob-reiner
It | 2017 | 5 | Horror | stephen-king coming-of-age
Jaws | 1975 | 8 | Action Horror | spielberg animals monster
Night of the Living Dead | 1968 | 5 | Horror Sci-Fi Thriller | franchise:living-dead romero zombie
Dawn of the Dead | 1978 | 4 | Action Drama Horror | franchise:living-dead romero zombie
28 Days Later | 2002 | 6 | Action Horror Sci-Fi | boyle zombie uk
Shaun of the Dead | 2004 | 7 | Comedy Horror | edgar-wright zombie uk parody
Zombieland | 2009 | 6 | Action Comedy Horror | zombie parody
World War Z | 2013 | 4 | Action Drama Horror Sci-Fi Thriller | zombie brad-pitt
Train to Busan | 2016 | 4 | Action Horror Thriller | zombie korea
Halloween | 1978 | 6 | Horror | carpenter slasher
Friday the 13th | 1980 | 4 | Horror Mystery Thriller | slasher
A Nightmare on Elm Street | 1984 | 6 | Horror Thriller | craven slasher supernatural
Scream | 1996 | 6 | Comedy Horror Mystery Thriller | craven slasher teen franchise:scream
Scream 2 | 1997 | 4 | Comedy Horror Mystery Thriller | craven slasher teen franchise:scream
I Know What You Did Last Summer | 1997 | 4 | Horror Mystery Thriller | slasher teen
The Texas Chain Saw Massacre | 1974 | 5 | Horror | slasher
Poltergeist | 1982 | 5 | Horror Thriller | haunted-house supernatural
The Evil Dead | 1981 | 5 | Fantasy Horror Thriller | franchise:evil-dead raimi supernatural cult
Evil Dead II | 1987 | 6 | Action Comedy Fantasy Horror | franchise:evil-dead raimi supernatural cult
Army of Darkness | 1993 | 6 | Action Adventure Comedy Fantasy Horror | franchise:evil-dead raimi supernatural cult
Re-Animator | 1985 | 3 | Comedy Horror Sci-Fi | cult body-horror
Hellraiser | 1987 | 4 | Horror | uk body-horror supernatural
Gremlins | 1984 | 5 | Comedy Horror | monster christmas eighties-adventure
An American Werewolf in London | 1981 | 4 | Comedy Horror Thriller | monster uk
The Lost Boys | 1987 | 4 | Comedy Horror Thriller | vampire teen
Interview with the Vampire: The Vampire Chronicles | 1994 | 6 | Drama Horror | vampire gothic brad-pitt tom-cruise
Bram Stoker's Dracula | 1992 | 5 | Fantasy Horror Romance Thriller | vampire gothic coppola
Let the Right One In | 2008 | 5 | Drama Fantasy Horror Romance | vampire sweden slow-burn
What We Do in the Shadows | 2014 | 4 | Comedy Horror | vampire waititi new-zealand parody
The Blair Witch Project | 1999 | 6 | Drama Horror Thriller | found-footage witches
Paranormal Activity | 2007 | 4 | Horror Thriller | found-footage haunted-house supernatural
The Sixth Sense | 1999 | 8 | Drama Horror Mystery | shyamalan twist supernatural bruce-willis
Signs | 2002 | 6 | Horror Sci-Fi Thriller | shyamalan aliens
The Others | 2001 | 6 | Drama Horror Mystery Thriller | haunted-house gothic twist
The Ring | 2002 | 5 | Horror Mystery Thriller | supernatural
Ringu | 1998 | 3 | Horror Mystery Thriller | japan supernatural
Audition | 1999 | 3 | Drama Horror Mystery Romance Thriller | japan slow-burn
Saw | 2004 | 5 | Horror Mystery Thriller | serial-killer twist
The Descent | 2005 | 4 | Adventure Drama Horror Thriller | uk monster survival
The Conjuring | 2013 | 5 | Horror Thriller | james-wan haunted-house supernatural
Insidious | 2010 | 3 | Horror Mystery Thriller | james-wan haunted-house supernatural
The Cabin in the Woods | 2012 | 6 | Comedy Horror Sci-Fi Thriller | parody slasher
The Babadook | 2014 | 4 | Drama Horror Thriller | supernatural australia slow-burn
It Follows | 2014 | 4 | Horror | supernatural teen slow-burn
The Witch | 2015 | 4 | Horror | eggers folk-horror witches a24 slow-burn
The Lighthouse | 2019 | 4 | Drama Fantasy Horror Mystery | eggers a24 surreal slow-burn
Hereditary | 2018 | 5 | Drama Horror Mystery | aster a24 supernatural slow-burn
Midsommar | 2019 | 4 | Drama Horror Mystery | aster a24 folk-horror slow-burn
Get Out | 2017 | 6 | Horror Mystery Thriller | peele satire
Us | 2019 | 4 | Horror Thriller | peele
Nope | 2022 | 4 | Horror Mystery Sci-Fi | peele aliens
A Quiet Place | 2018 | 5 | Drama Horror Sci-Fi Thriller | monster aliens survival
Pan's Labyrinth | 2006 | 7 | Drama Fantasy Thriller | del-toro spain fairy-tale gothic
The Devil's Backbone | 2001 | 3 | Drama Fantasy Horror Thriller War | del-toro spain gothic
The Shape of Water | 2017 | 5 | Adventure Drama Fantasy Romance | del-toro monster fairy-tale
The Substance | 2024 | 3 | Drama Horror Sci-Fi | body-horror satire
`;
