"""Roads: a net read from OpenStreetMap, what closes or slows it, how long it takes from here to there. Pure.

Needs the extra `roads` (numpy, scipy; osmium to read extracts). Without a net there is `straight_s`, which
says of itself that it is distance times a factor.
"""
