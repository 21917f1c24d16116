-- What a report needs of clicks, counted as they come, and what a newer ruleset needs to judge again.

-- The words of a User-Agent without its version numbers, once for all clicks that had it; last used
-- on the day of `seen_at`.
create table click_agents (
    id text primary key,
    words text not null,
    seen_at bigint not null
);

-- `otherwise` is the class a request gets when its agent is a person's; `recovered` is 1 when it
-- came while the database was away.
alter table clicks add column agent text;
alter table clicks add column otherwise text not null default 'human';
alter table clicks add column language text;
alter table clicks add column country text;
alter table clicks add column recovered integer not null default 0;
create index clicks_at on clicks (at);

-- Counted clicks (class human) of a link and day by hour, language, device, country, referrer, …
create table click_facets (
    link text not null references links (id),
    day text not null,
    facet text not null,
    value text not null,
    clicks bigint not null,
    primary key (link, day, facet, value)
) /*without rowid*/;

-- Members whose clicks counted, by their pseudonym in the campaign.
create table click_members (
    campaign text not null references campaigns (id),
    who text not null,
    first_at bigint not null,
    primary key (campaign, who)
);

-- Estimated visitors of a day, by a key nobody can turn back, and how many there were: their number
-- counts up with every new one and stays when they are deleted.
create table click_visitors (
    campaign text not null references campaigns (id),
    day text not null,
    visitor text not null,
    primary key (campaign, day, visitor)
) /*without rowid*/;
create table click_people (
    campaign text not null references campaigns (id),
    day text not null,
    people bigint not null,
    primary key (campaign, day)
);

-- The secret under which a day's visitors are told apart; destroyed after 48 hours.
create table day_keys (
    day text primary key,
    key_sealed text not null,
    made_at bigint not null
);

-- Clicks that a newer ruleset moved from one class to another, for everyone who reads the report.
create table click_revisions (
    campaign text not null references campaigns (id),
    ruleset text not null,
    at bigint not null,
    was text not null,
    now text not null,
    clicks bigint not null,
    primary key (campaign, ruleset, was, now)
);

-- Shops' pages behind running links that could not be opened: since when, why, and whether the team
-- was told. A page that opens again has no row.
create table broken_shops (
    link text primary key references links (id),
    since bigint not null,
    why text not null,
    told_at bigint
);
