//! What fails at KREKI in this quarter, and what turns out to lie behind it.

/// One kind of failure.
#[derive(Debug)]
pub(super) struct Trouble {
    /// How often it happens, beside the others.
    pub(super) weight: u64,
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    /// The source by which people report it; monitoring sees it otherwise.
    pub(super) source: Option<&'static str>,
    /// The label `impact`.
    pub(super) impact: &'static str,
    /// What was measured.
    pub(super) value: Option<(&'static str, f64)>,
    /// How long it takes to mend, in minutes, half of the time.
    pub(super) minutes: u64,
    /// What people see of it.
    pub(super) seen: &'static str,
    /// What the public is told that it notices; nothing where the policy's words say enough.
    pub(super) noticed: &'static str,
    /// What is found on the way, and done about it.
    pub(super) found: &'static str,
    pub(super) mended: &'static str,
    /// The kind of cause.
    pub(super) cause: &'static str,
    /// The chain behind it; nobody asks after a typo.
    pub(super) whys: &'static [(&'static str, &'static str)],
    pub(super) root_cause: &'static str,
    /// What comes of it: a name, what is to be done, by whom, and in how many days.
    pub(super) actions: &'static [(&'static str, &'static str, &'static str, u64)],
}

const NOTHING: Trouble = Trouble {
    weight: 0,
    service: "",
    name: "",
    summary: "",
    source: None,
    impact: "",
    value: None,
    minutes: 0,
    seen: "",
    noticed: "",
    found: "",
    mended: "",
    cause: "",
    whys: &[],
    root_cause: "",
    actions: &[],
};

pub(super) const TROUBLES: [Trouble; 15] = [
    Trouble {
        weight: 1,
        service: "panic-button",
        name: "PanicButtonDown",
        summary: "Panic button does not answer",
        impact: "outage",
        minutes: 28,
        seen: "Pressing the panic button shows a spinner and nothing else",
        noticed: "Pressing the button in the app sends no alarm.",
        found: "The gateway of the panic button refuses all connections since its certificate store was replaced",
        mended: "The previous certificate store is back, and alarms arrive again",
        cause: "configuration",
        whys: &[
            ("Why did the panic button not answer?", "Its gateway refused every connection."),
            (
                "Why did the gateway refuse every connection?",
                "Its certificate store did not hold our own authority any more.",
            ),
            (
                "Why was the authority missing?",
                "The nightly job wrote a new store from a list in which it was left out.",
            ),
            ("Why was it left out of the list?", "The list is edited by hand, and nobody looks at a change of it."),
            (
                "Why does nobody look at it?",
                "Configuration of the gateway is not in the repository, so there is no review.",
            ),
        ],
        root_cause: "The configuration of the gateway is changed by hand, without a review and without a trial.",
        actions: &[
            ("repository", "Move the gateway's configuration into the repository", "platform", 14),
            ("trial", "Try a new certificate store against the staging gateway before it goes live", "sari", 7),
            ("synthetic", "Press a test panic button every minute from outside", "budi", 21),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 1,
        service: "dispatch",
        name: "DispatchDown",
        summary: "Volunteers cannot be dispatched",
        impact: "outage",
        minutes: 45,
        seen: "Dispatchers see an error instead of the list of volunteers nearby",
        noticed: "Volunteers are called by telephone, which takes longer.",
        found: "The database of the dispatch has no connections left",
        mended: "The stuck report was stopped, and the list of volunteers loads again",
        cause: "database",
        whys: &[
            ("Why could volunteers not be dispatched?", "The dispatch could not ask its database."),
            ("Why could it not ask the database?", "All connections were taken by a report of the office."),
            ("Why did a report take all connections?", "It runs on the database that the dispatch lives on."),
            ("Why does it run there?", "There is no copy of the database for reports."),
            ("Why is there no copy?", "Reports were thought of as small, and nobody asked again when they grew."),
        ],
        root_cause: "Reports and emergencies share one database, without a limit on either.",
        actions: &[
            ("replica", "Set up a replica of the database, and let reports run there", "platform", 28),
            ("limit", "Limit the connections that a report may take", "budi", 5),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 1,
        service: "emergency-api",
        name: "EmergencyApiDown",
        summary: "Emergency API is down",
        impact: "outage",
        minutes: 22,
        seen: "The apps say that help cannot be called, and show the number of the hotline",
        noticed: "Help is called by the hotline only, and not with the apps.",
        found: "The release of this morning does not start: a migration waits for a lock",
        mended: "The release was rolled back, and the API answers",
        cause: "deployment",
        whys: &[
            ("Why was the Emergency API down?", "None of its instances started."),
            ("Why did none start?", "All of them waited for the same migration."),
            ("Why did the migration wait?", "It wanted a lock on a table that is always in use."),
            ("Why was that not noticed before?", "The staging database is empty, so the lock is there at once."),
            ("Why were all instances released at once?", "The pipeline knows no release in steps."),
        ],
        root_cause: "Releases reach all instances at once and are tried on a database without any load.",
        actions: &[
            ("canary", "Release to one instance first, and watch it for ten minutes", "platform", 28),
            ("timeout", "Give migrations a lock timeout of five seconds", "sari", 3),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 8,
        service: "emergency-api",
        name: "ErrorRate",
        summary: "Errors on the Emergency API",
        value: Some(("error_rate", 0.2)),
        minutes: 45,
        seen: "One request in five fails, and goes through when it is sent again",
        noticed: "Some calls for help have to be sent twice.",
        found: "One of the instances runs an older release than the others",
        mended: "The instance was replaced, and the errors have stopped",
        cause: "deployment",
        whys: &[
            ("Why did requests fail?", "One instance did not know a field that the others send."),
            ("Why did it not know the field?", "It still ran the release before."),
            ("Why did it run that?", "The rollout stopped half way, and said that it was done."),
            ("Why did it say so?", "It counts instances that answer, not instances of the new release."),
            ("Why was it not seen?", "Nobody is told which release answers."),
        ],
        root_cause: "The rollout does not check which release is running where.",
        actions: &[
            ("check", "Let the rollout wait until every instance says the new release", "sari", 10),
            ("dashboard", "Show the release of each instance on the dashboard", "budi", 14),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 8,
        service: "dispatch",
        name: "Latency",
        summary: "Dispatch is slow",
        value: Some(("latency_ratio", 3.0)),
        minutes: 65,
        seen: "The list of volunteers takes ten seconds to appear",
        noticed: "Volunteers are sent a little later than usual.",
        found: "The query for volunteers nearby no longer uses its index",
        mended: "The statistics of the table are fresh, and the list loads in under a second",
        cause: "database",
        whys: &[
            ("Why was the dispatch slow?", "The query for volunteers nearby read the whole table."),
            ("Why did it read the whole table?", "The planner thought the table was small."),
            ("Why did it think so?", "Its statistics were weeks old."),
            ("Why were they old?", "The nightly job that refreshes them fails since the move to the new host."),
            ("Why did nobody notice?", "A job that fails writes to a file that nobody reads."),
        ],
        root_cause: "Nightly jobs may fail for weeks without anybody hearing of it.",
        actions: &[
            ("jobs", "Send failures of nightly jobs to monitoring", "budi", 10),
            ("statistics", "Refresh the statistics of the volunteers' table every hour", "sari", 5),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 4,
        service: "panic-button",
        name: "PartlyDown",
        summary: "Panic button fails in one region",
        impact: "degraded",
        minutes: 110,
        seen: "Users in East Java cannot reach the panic button over mobile data",
        noticed: "In East Java the button may not work with mobile data.",
        found: "The mobile provider drops our traffic in one region",
        mended: "Traffic goes through the second provider, and alarms from the region arrive",
        cause: "network provider",
        whys: &[
            ("Why did the panic button fail in one region?", "Its traffic did not arrive."),
            ("Why did it not arrive?", "The provider changed a route and lost ours."),
            ("Why did that reach our users?", "All traffic of the region goes through one provider."),
            ("Why only one?", "The second contract covers Jakarta only."),
            ("Why was it not extended?", "Nobody owns the providers."),
        ],
        root_cause: "A region depends on one provider, and no one at KREKI owns that relation.",
        actions: &[
            ("second", "Extend the second provider's contract to East Java", "cto", 45),
            ("failover", "Write down how to move a region to the other provider, and try it", "platform", 14),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 15,
        service: "website",
        name: "WebsiteDown",
        summary: "Volunteer sign-up is down",
        impact: "outage",
        minutes: 55,
        seen: "The form for new volunteers shows an error after it is sent",
        noticed: "New volunteers cannot sign up.",
        found: "The certificate of the form's backend has run out",
        mended: "The certificate is renewed, and sign-ups arrive",
        cause: "certificate",
        whys: &[
            ("Why was the sign-up down?", "Browsers refused its backend."),
            ("Why did they refuse it?", "Its certificate had run out."),
            ("Why was it not renewed?", "The renewal fails when the disk of the host is full."),
            ("Why was the disk full?", "Logs of the website are never deleted."),
            ("Why did no alarm come before?", "Only the front page's certificate is watched."),
        ],
        root_cause: "Certificates and disks of what is not Emergency Core are watched by nobody.",
        actions: &[
            ("certificates", "Watch every certificate, and warn two weeks ahead", "web", 14),
            ("logs", "Keep the website's logs for 30 days only", "putu", 7),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 13,
        service: "training-portal",
        name: "PortalDown",
        summary: "Training portal is down",
        impact: "outage",
        minutes: 75,
        seen: "The portal's pages do not load",
        found: "The portal's host has no memory left",
        mended: "The host was restarted with more memory, and the portal loads",
        cause: "capacity",
        whys: &[
            ("Why was the portal down?", "Its host killed the process."),
            ("Why did it kill the process?", "There was no memory left."),
            ("Why was there none left?", "Each viewer of a course keeps a video in memory."),
            ("Why are so many there at once?", "All volunteers of a month begin their course on one evening."),
            ("Why was that not planned for?", "Nobody tells the web team when a course begins."),
        ],
        root_cause: "The portal is built for a few viewers at a time, and courses begin for all at once.",
        actions: &[
            ("stream", "Send videos from the file store instead of from memory", "web", 30),
            ("calendar", "Put the beginnings of courses into the shared calendar", "putu", 5),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 11,
        service: "website",
        name: "SlowPages",
        summary: "Pages of the website are slow",
        impact: "degraded",
        minutes: 55,
        seen: "Pages take more than five seconds to load",
        found: "A crawler asks for every page of the archive at once",
        mended: "The crawler is slowed down at the edge, and pages load as usual",
        cause: "capacity",
        whys: &[
            ("Why were the pages slow?", "The website was busy with the archive."),
            ("Why was it busy with the archive?", "A crawler asked for all of it at once."),
            ("Why could it?", "There is no limit on how much one visitor may ask for."),
            ("Why are pages of the archive made anew each time?", "They are not cached."),
            ("Why not?", "The cache was turned off for a test in August, and never turned on again."),
        ],
        root_cause: "The cache was off, and nothing limits a single visitor.",
        actions: &[
            ("limit", "Limit the requests of one visitor", "web", 10),
            ("cache", "Turn on the cache, and watch its hit rate", "putu", 3),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 7,
        service: "training-portal",
        name: "VideoBroken",
        summary: "Videos of the courses do not play",
        source: Some("email"),
        impact: "feature",
        minutes: 150,
        seen: "A course stops at its first video",
        found: "The video service has changed the address of its player",
        mended: "The new player is in place, and the videos play",
        cause: "third party",
        whys: &[
            ("Why did videos not play?", "The player did not load."),
            ("Why did it not load?", "Its address has changed."),
            ("Why did we not know?", "The announcement went to an address that nobody reads."),
            ("Why does nobody read it?", "It belongs to somebody who has left."),
            ("Why was it not moved?", "There is no list of what is to be done when somebody leaves."),
        ],
        root_cause: "Mail of third parties goes to people instead of teams.",
        actions: &[("addresses", "Give third parties the address of the team", "web", 14)],
        ..NOTHING
    },
    Trouble {
        weight: 4,
        service: "emergency-api",
        name: "",
        summary: "Callers say that the app loses their position",
        source: Some("hotline"),
        impact: "degraded",
        minutes: 85,
        seen: "The app shows the caller's position of an hour before",
        noticed: "The app may show where you were earlier.",
        found: "The cache of positions does not forget: its clock is an hour off",
        mended: "The cache's host has the right time again, and positions are fresh",
        cause: "configuration",
        whys: &[
            ("Why were positions old?", "The cache did not drop them."),
            ("Why did it not drop them?", "Its clock was an hour behind."),
            ("Why was it behind?", "The host asks no time server."),
            ("Why does it ask none?", "It was set up by hand when the old one broke."),
            ("Why by hand?", "Hosts of the cache are not in the repository."),
        ],
        root_cause: "Hosts that are set up by hand differ from what we think they are.",
        actions: &[
            ("hosts", "Set up the cache's hosts from the repository", "platform", 21),
            ("drift", "Warn when the clock of a host is more than a second off", "budi", 7),
        ],
        ..NOTHING
    },
    Trouble {
        weight: 3,
        service: "geo-index",
        name: "GeoIndexDown",
        summary: "A service that nobody has registered is down",
        impact: "outage",
        minutes: 100,
        seen: "Nobody knows yet what it is for",
        noticed: "Some searches near you may find nothing.",
        found: "It is a trial of the maps team, and nothing depends on it",
        mended: "The trial was stopped",
        cause: "ownership",
        whys: &[
            ("Why was somebody paged for it?", "A service that is not in the catalogue counts as Emergency Core."),
            ("Why was it not in the catalogue?", "It was a trial."),
            ("Why was a trial watched like a service?", "Monitoring watches every host by itself."),
        ],
        root_cause: "What is started as a trial is watched before anybody has registered it.",
        actions: &[("catalogue", "Ask for an entry in the catalogue before a host is given out", "devops-lead", 14)],
        ..NOTHING
    },
    Trouble {
        weight: 11,
        service: "website",
        name: "Typo",
        summary: "A text on the website is wrong",
        source: Some("email"),
        impact: "typo",
        minutes: 900,
        seen: "A date on the page of events is wrong",
        found: "The text was copied from last year",
        mended: "The text is corrected",
        cause: "content",
        ..NOTHING
    },
    Trouble {
        weight: 8,
        service: "training-portal",
        name: "Layout",
        summary: "A page of the portal looks wrong on small screens",
        impact: "cosmetic",
        minutes: 1_500,
        seen: "Two buttons lie over each other",
        found: "The style sheet has no rule for small screens",
        mended: "The buttons stand side by side",
        cause: "content",
        ..NOTHING
    },
    Trouble {
        weight: 5,
        service: "website",
        name: "MinorBug",
        summary: "The date picker starts the week on Sunday",
        impact: "minor-bug",
        minutes: 2_400,
        seen: "The calendar of the form begins with Sunday",
        found: "The form does not ask for the visitor's country",
        mended: "The week begins on Monday",
        cause: "content",
        ..NOTHING
    },
];

/// One of them, by a number below the sum of their weights.
pub(super) fn by_weight(mut left: u64) -> &'static Trouble {
    let found = TROUBLES.iter().find(|trouble| {
        let here = left < trouble.weight;
        left = left.saturating_sub(trouble.weight);
        here
    });
    found.unwrap_or(&TROUBLES[0])
}

pub(super) fn weights() -> u64 {
    TROUBLES.iter().map(|trouble| trouble.weight).sum()
}
