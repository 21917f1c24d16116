-- Who may be in a giveaway's pool, what gives tickets, and one person behind two accounts.

-- Two people of a frozen list may turn out to be one: both entries stay under that member then, the
-- later number with `twin` 1. While a pool is open a member has one entry. `line` is the line of
-- the public log in which it came in.
create table giveaway_entries_now (
    giveaway text not null references giveaways (id),
    member text not null references members (id),
    number integer not null,
    platform text not null,
    user_id text not null,
    private integer not null,
    tickets integer not null,
    entered_at bigint not null,
    left_at bigint,
    twin integer not null default 0,
    line integer,
    primary key (giveaway, member, twin),
    unique (giveaway, number)
);
insert into giveaway_entries_now (giveaway, member, number, platform, user_id, private, tickets,
                                  entered_at, left_at)
select giveaway, member, number, platform, user_id, private, tickets, entered_at, left_at
from giveaway_entries;
drop table giveaway_entries;
alter table giveaway_entries_now rename to giveaway_entries;
create index giveaway_entries_member on giveaway_entries (member);

-- Who took the free way to the ticket that the sponsor's link gives.
create table giveaway_clicks (
    giveaway text not null references giveaways (id),
    member text not null references members (id),
    at bigint not null,
    primary key (giveaway, member)
);
create index giveaway_clicks_member on giveaway_clicks (member);

-- Wrong presses of who was asked to press the right one of three, and when they did.
create table giveaway_challenges (
    giveaway text not null references giveaways (id),
    member text not null references members (id),
    tries integer not null,
    tried_at bigint not null,
    solved_at bigint,
    primary key (giveaway, member)
);
create index giveaway_challenges_member on giveaway_challenges (member);

-- Accounts that may enter nothing, by a keyed hash: nobody can be read out of it, and deleting
-- one's data does not lift it. `about` is the entry by which the
-- team knows them ("sari, no. 12").
create table giveaway_bans (
    community text not null references communities (id),
    account text not null,
    reason_sealed text not null,
    about text not null,
    banned_by text,
    at bigint not null,
    primary key (community, account)
);

-- One-time codes that join two accounts: asked for by one, given by the other. `taken_by` is who
-- gave it, until the asker agrees as well where that is needed.
create table connect_codes (
    hash text primary key,
    community text not null references communities (id),
    member text not null references members (id),
    platform text not null,
    user_id text not null,
    expires_at bigint not null,
    taken_by text references members (id),
    taken_platform text,
    taken_user text
);
create index connect_codes_member on connect_codes (member);

-- Codes that were given and did not exist, so that nobody can try them all.
create table connect_tries (
    member text primary key references members (id),
    tries integer not null,
    since bigint not null
);

-- A download of a giveaway's entries rather than of all answers.
alter table downloads add column giveaway text;
