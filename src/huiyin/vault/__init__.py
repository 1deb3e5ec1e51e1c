"""THE LOCKED ROOM: names and contacts, closed at entry, opened only by a named officer or the courier."""
