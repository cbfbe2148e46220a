"""What the patterns of several readers have in common: units, and the words around a number."""

TIME = (
    r"(?:h(?:ou)?rs?|h|min(?:ute)?s?|sec(?:ond)?s?|days?|d|nights?|w(?:ee)?ks?|w|fortnights?"
    r"|mo(?:nth)?s?|mths?|y(?:ea)?rs?|y)"
)
WATER = r"(?:[cm]m\s?(?:of\s+)?(?:H\s?[2₂]\s?[O0]|water|CSF))"
CELLS = (
    r"(?:[x×]?\s?10\s?[\^*eE]?\s?\(?[9⁹]\)?\s?/\s?l(?:it(?:re|er))?"
    r"|k?\s?/\s?(?:ul|[µμ]l|mcl|mm\s?\^?[3³]|cmm)|lakhs?|lacs?)"
)
UNIT = (
    rf"(?:{WATER}|mm\s?Hg|kPa|ml/min(?:/1\.73\s?m\s?(?:\^?2|²))?|(?:c[cm]|m[glm]|kg|lb|kilo)s?"
    r"|(?:milli|centi)met(?:re|er)s?|(?:milli)?lit(?:re|er)s?|l|(?:micro|milli|kilo)?gram(?:me)?s?"
    r"|mcg|ug|[µμ]g|g|ga|gauge|pounds|stone"
    rf"|[°º]\s?[CF]|deg(?:rees)?\.?(?:\s?(?:C|F|celsius|fahrenheit|centigrade)\b)?|C|F|{CELLS})"
)
UNIT_END = r"(?!\w|[\^²³%]|\s?/\s?[^\W\d])"

# Words between a name and its number; FILL takes at most ten of them and of the spaces between.
FILLER = (
    r"[\s:=(]|(?<!\w)(?:of|is|was|at|now|currently|today|only|score|scores|scored|remains|remained"
    r"|has|have|been|dropped|dropping|drop|fell|fallen|falling|down|reduced|from|to|rated|rates"
    r"|reading|reads|about|around|up|on\s+arrival|measured|recorded|low|high|normal)\b"
)
FILL = rf"(?:{FILLER}){{0,10}}"
SIGN = r"(?:(?:[<>~]=?|[≤≥])\s?)?"
TREND = r"(?:\s*(?:->|→|to|-->|=>)\s*)"
