"""The demonstration year: invented data over real structure, written in the sources' own formats and served on loopback.

Real: municipalities, regions, sectors, programmes (crebo), occupations, skills. Invented: institutions, employers, students,
graduates, vacancies. The same seed gives the same files on every machine. The ordinary connectors read them.
"""
