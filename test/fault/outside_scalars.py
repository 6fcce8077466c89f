# Values of our own scalars, for schemathesis: most are valid, so that more than validation is
# reached.
import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

INSTANTS = ["2026-03-01T00:00:00Z", "2026-03-20T09:00:00+09:00", "2026-04-01T00:00:00Z", "2026-02-30T00:00:00Z", "x", ""]
NAMES = ["ern:lms:course/1", "ern:lms:course/7/lecture/2026-02-28-1", "ern:lms:user/user-2", "ern:", "x", ""]

for scalar, values in {
    "Date": ["2026-03-01", "2026-02-30", ""],
    "DateTime": INSTANTS,
    "ERN": NAMES,
    "TimeZone": ["Asia/Seoul", "UTC", "Asia/Atlantis", ""],
    "URL": ["https://lms.test/", "file:///etc/passwd", ""],
}.items():
    schemathesis.graphql.scalar(scalar, st.sampled_from(values).map(nodes.String))
