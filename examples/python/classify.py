"""Says how bad the alerts of a payload are: `python classify.py PAYLOAD…`."""

import sys
from pathlib import Path

from kentongan import Policy, alerts_from

policy = Policy.kreki()
for path in sys.argv[1:]:
    for alert in alerts_from(Path(path).read_bytes()):
        ruling = policy.classify(alert)
        print(ruling.severity, ruling.rule, alert.summary)
