"""Foreign files (shapefile, GeoPackage, GeoJSON) read in a confined child process.

`parent` starts the child, bounds it and checks what it wrote; `child`, `reading`, `unpack` and
`confine` run inside it and import neither Django nor anything that knows the database. Nothing
outside of this package may open a file that the platform did not write itself.
"""
