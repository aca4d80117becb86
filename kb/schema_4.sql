-- Vectors that courses carry, made by models elsewhere: of their texts, pictures, sounds. All of one
-- name have one length and can be compared. `v`: 32 bit floats, little endian, of length 1 together.

CREATE TABLE vector_names (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	dim INTEGER NOT NULL,
	weight REAL NOT NULL
) STRICT;

CREATE TABLE vectors (
	id INTEGER PRIMARY KEY,
	name INTEGER NOT NULL REFERENCES vector_names (id),
	course TEXT NOT NULL,
	v BLOB NOT NULL,
	UNIQUE (name, course)
) STRICT;
