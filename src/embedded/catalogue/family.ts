/** Family films, fantasy and adventure; `rows.ts` describes a row. */
export const family = `
The Wizard of Oz | 1939 | 7 | Adventure Children Fantasy Musical | hollywood-classic fairy-tale
Mary Poppins | 1964 | 6 | Children Comedy Fantasy Musical | disney feel-good
Willy Wonka & the Chocolate Factory | 1971 | 6 | Children Comedy Fantasy Musical | roald-dahl cult
The Muppet Movie | 1979 | 3 | Adventure Children Comedy Musical | franchise:muppets
The Muppet Christmas Carol | 1992 | 4 | Children Comedy Musical | franchise:muppets christmas
The NeverEnding Story | 1984 | 4 | Adventure Children Fantasy | high-fantasy eighties-adventure
The Goonies | 1985 | 6 | Action Adventure Children Comedy Fantasy | eighties-adventure pirates coming-of-age
Labyrinth | 1986 | 5 | Adventure Fantasy Musical | high-fantasy eighties-adventure jim-henson
The Dark Crystal | 1982 | 3 | Adventure Fantasy | high-fantasy eighties-adventure jim-henson
The Princess Bride | 1987 | 8 | Action Adventure Comedy Fantasy Romance | fairy-tale eighties-adventure swashbuckler rob-reiner
Willow | 1988 | 4 | Action Adventure Fantasy | high-fantasy eighties-adventure
Legend | 1985 | 3 | Adventure Fantasy Romance | high-fantasy eighties-adventure ridley-scott
Excalibur | 1981 | 3 | Adventure Fantasy | high-fantasy arthurian
Conan the Barbarian | 1982 | 4 | Action Adventure Fantasy | high-fantasy schwarzenegger
Time Bandits | 1981 | 4 | Adventure Comedy Fantasy Sci-Fi | gilliam time-travel
Honey, I Shrunk the Kids | 1989 | 4 | Adventure Children Comedy Fantasy Sci-Fi | disney eighties-adventure
Home Alone | 1990 | 6 | Children Comedy | franchise:home-alone christmas slapstick
Home Alone 2: Lost in New York | 1992 | 4 | Children Comedy | franchise:home-alone christmas slapstick
Hook | 1991 | 5 | Adventure Comedy Fantasy | spielberg robin-williams pirates
Mrs. Doubtfire | 1993 | 6 | Comedy Drama | robin-williams feel-good
Jumanji | 1995 | 6 | Adventure Children Fantasy | robin-williams
Babe | 1995 | 6 | Children Drama | animals feel-good australia
The Secret Garden | 1993 | 3 | Children Drama | period
A Little Princess | 1995 | 3 | Children Drama | cuaron period
Matilda | 1996 | 4 | Children Comedy Drama Fantasy | roald-dahl
The Santa Clause | 1994 | 3 | Comedy Drama Fantasy | christmas disney
The Parent Trap | 1998 | 3 | Children Comedy Romance | disney feel-good
Charlie and the Chocolate Factory | 2005 | 4 | Adventure Children Comedy Fantasy | roald-dahl burton
Elf | 2003 | 5 | Children Comedy Fantasy | christmas will-ferrell
Enchanted | 2007 | 4 | Children Comedy Fantasy Musical Romance | disney princess fairy-tale
Paddington | 2014 | 4 | Children Comedy | franchise:paddington uk feel-good
Paddington 2 | 2017 | 5 | Children Comedy | franchise:paddington uk feel-good
The Chronicles of Narnia: The Lion, the Witch and the Wardrobe | 2005 | 5 | Adventure Children Fantasy | high-fantasy
Bridge to Terabithia | 2007 | 3 | Children Drama Fantasy | coming-of-age tearjerker
Harry Potter and the Sorcerer's Stone | 2001 | 8 | Adventure Children Fantasy | franchise:harry-potter wizards coming-of-age uk
Harry Potter and the Chamber of Secrets | 2002 | 7 | Adventure Children Fantasy | franchise:harry-potter wizards coming-of-age uk
Harry Potter and the Prisoner of Azkaban | 2004 | 7 | Adventure Fantasy | franchise:harry-potter wizards coming-of-age cuaron uk
Harry Potter and the Goblet of Fire | 2005 | 7 | Adventure Fantasy Thriller | franchise:harry-potter wizards coming-of-age uk
Harry Potter and the Order of the Phoenix | 2007 | 6 | Adventure Drama Fantasy | franchise:harry-potter wizards coming-of-age uk
Harry Potter and the Half-Blood Prince | 2009 | 6 | Adventure Fantasy Mystery Romance | franchise:harry-potter wizards coming-of-age uk
Harry Potter and the Deathly Hallows: Part 1 | 2010 | 6 | Action Adventure Fantasy | franchise:harry-potter wizards uk
Harry Potter and the Deathly Hallows: Part 2 | 2011 | 6 | Action Adventure Drama Fantasy Mystery | franchise:harry-potter wizards uk
Fantastic Beasts and Where to Find Them | 2016 | 4 | Adventure Fantasy | franchise:harry-potter wizards uk
The Lord of the Rings: The Fellowship of the Ring | 2001 | 9 | Adventure Fantasy | franchise:middle-earth high-fantasy epic peter-jackson
The Lord of the Rings: The Two Towers | 2002 | 9 | Adventure Fantasy | franchise:middle-earth high-fantasy epic peter-jackson
The Lord of the Rings: The Return of the King | 2003 | 9 | Action Adventure Drama Fantasy | franchise:middle-earth high-fantasy epic peter-jackson
The Hobbit: An Unexpected Journey | 2012 | 5 | Adventure Fantasy | franchise:middle-earth high-fantasy peter-jackson dragons
The Hobbit: The Desolation of Smaug | 2013 | 4 | Adventure Fantasy | franchise:middle-earth high-fantasy peter-jackson dragons
Pirates of the Caribbean: The Curse of the Black Pearl | 2003 | 8 | Action Adventure Comedy Fantasy | franchise:pirates pirates swashbuckler johnny-depp
Pirates of the Caribbean: Dead Man's Chest | 2006 | 6 | Action Adventure Fantasy | franchise:pirates pirates swashbuckler johnny-depp
Pirates of the Caribbean: At World's End | 2007 | 5 | Action Adventure Comedy Fantasy | franchise:pirates pirates swashbuckler johnny-depp
Stardust | 2007 | 4 | Adventure Comedy Fantasy Romance | fairy-tale swashbuckler uk
The Adventures of Baron Munchausen | 1988 | 3 | Adventure Comedy Fantasy | gilliam whimsical
Edward Scissorhands | 1990 | 6 | Drama Fantasy Romance | burton johnny-depp gothic
Beetlejuice | 1988 | 6 | Comedy Fantasy | burton gothic
Sleepy Hollow | 1999 | 5 | Fantasy Horror Mystery Romance | burton johnny-depp gothic
Big Fish | 2003 | 6 | Drama Fantasy Romance | burton whimsical
The Adventures of Robin Hood | 1938 | 4 | Action Adventure Romance | hollywood-classic swashbuckler
King Kong | 1933 | 5 | Action Adventure Fantasy Horror | hollywood-classic monster
King Kong | 2005 | 4 | Action Adventure Drama Thriller | monster peter-jackson
20,000 Leagues Under the Sea | 1954 | 3 | Adventure Drama Sci-Fi | disney hollywood-classic
Jason and the Argonauts | 1963 | 3 | Action Adventure Fantasy | mythology harryhausen
Clash of the Titans | 1981 | 3 | Action Adventure Fantasy | mythology harryhausen
The African Queen | 1951 | 5 | Adventure Comedy Romance War | hollywood-classic huston bogart
Raiders of the Lost Ark | 1981 | 9 | Action Adventure | franchise:indiana-jones spielberg treasure harrison-ford
Indiana Jones and the Temple of Doom | 1984 | 7 | Action Adventure Fantasy | franchise:indiana-jones spielberg treasure harrison-ford
Indiana Jones and the Last Crusade | 1989 | 8 | Action Adventure | franchise:indiana-jones spielberg treasure harrison-ford
Indiana Jones and the Kingdom of the Crystal Skull | 2008 | 4 | Action Adventure Comedy Sci-Fi | franchise:indiana-jones spielberg treasure harrison-ford
Romancing the Stone | 1984 | 4 | Action Adventure Comedy Romance | treasure zemeckis
The Mummy | 1999 | 6 | Action Adventure Comedy Fantasy Horror Thriller | treasure monster
National Treasure | 2004 | 4 | Action Adventure Drama Mystery Thriller | treasure nicolas-cage
The Mask of Zorro | 1998 | 5 | Action Adventure Comedy Romance | swashbuckler
Twilight | 2008 | 4 | Drama Fantasy Romance Thriller | vampire teen franchise:twilight
The Twilight Saga: New Moon | 2009 | 3 | Drama Fantasy Horror Romance Thriller | vampire teen franchise:twilight
`;
