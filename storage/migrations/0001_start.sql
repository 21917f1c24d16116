-- Moments are milliseconds since 1970 (UTC); a state is a nullable moment; *_sealed is AES-GCM.

create table communities (
    id text primary key,
    name text not null,
    language text not null,
    timezone text not null,
    created_at bigint not null
);

create table places (
    platform text not null,
    chat text not null,
    community text not null references communities (id),
    thread text,
    title text not null,
    joined_at bigint not null,
    left_at bigint,
    primary key (platform, chat)
);

create table members (
    id text primary key,
    community text not null references communities (id),
    role integer not null,
    language text,
    heard_language text,
    joined_at bigint not null
);
create index members_team on members (community, role) where role > 0;

create table identities (
    platform text not null,
    user_id text not null,
    community text not null references communities (id),
    member text not null references members (id),
    name_sealed text not null,
    private_at bigint,
    blocked_at bigint,
    primary key (platform, user_id, community)
);
create index identities_member on identities (member);

create table codes (
    hash text primary key,
    community text not null references communities (id),
    role integer not null,
    brand text,
    expires_at bigint not null,
    used_at bigint
);

create table inbox (
    id text primary key,
    at bigint not null
);
create index inbox_at on inbox (at);

create table outbox (
    id text primary key,
    community text not null,
    platform text not null,
    chat text not null,
    thread text,
    private integer not null,
    kind text not null,
    body_sealed text not null,
    language text not null,
    key text,
    version integer not null,
    ticket text,
    reply_to text,
    created_at bigint not null,
    due_at bigint not null,
    expires_at bigint,
    attempts integer not null,
    leased_until bigint,
    fence integer not null,
    attempting_at bigint,
    settled_at bigint,
    outcome text
);
create index outbox_due on outbox (platform, due_at) where settled_at is null;
create unique index outbox_key on outbox (key) where settled_at is null and key is not null;
create index outbox_settled on outbox (settled_at) where settled_at is not null;

create table messages (
    key text primary key,
    message text not null,
    at bigint not null
);

create table forms (
    platform text not null,
    user_id text not null,
    chat text not null,
    body_sealed text not null,
    at bigint not null,
    primary key (platform, user_id, chat)
);

create table entries (
    id text primary key,
    community text not null references communities (id),
    link text,
    created_at bigint not null,
    changed_at bigint not null,
    removed_at bigint
);
create index entries_community on entries (community) where removed_at is null;

create table answers (
    entry text not null references entries (id),
    language text not null,
    answer text not null,
    primary key (entry, language)
);

create table phrases (
    entry text not null references entries (id),
    text text not null,
    position integer not null,
    primary key (entry, text)
);

create table questions (
    id text primary key,
    community text not null references communities (id),
    member text not null references members (id),
    platform text not null,
    user_id text not null,
    chat text not null,
    thread text,
    private integer not null,
    text_sealed text not null,
    language text not null,
    asked_at bigint not null,
    answered_at bigint,
    cancelled_at bigint,
    entry text
);
create index questions_open on questions (community, asked_at)
    where answered_at is null and cancelled_at is null;
create index questions_member on questions (member);

create table giveaways (
    id text primary key,
    community text not null references communities (id),
    prize text not null,
    winners integer not null,
    params text not null,
    params_hash text not null,
    key_sealed text,
    secret_sealed text not null,
    created_at bigint not null,
    closes_at bigint not null,
    last_number integer not null,
    frozen_at bigint,
    root text,
    head text,
    entrants integer,
    tickets integer,
    drawn_at bigint,
    secret text,
    cancelled_at bigint,
    reason text
);
create index giveaways_community on giveaways (community, created_at);

create table giveaway_places (
    giveaway text not null references giveaways (id),
    platform text not null,
    chat text not null,
    thread text,
    primary key (giveaway, platform, chat)
);

create table giveaway_entries (
    giveaway text not null references giveaways (id),
    member text not null references members (id),
    number integer not null,
    platform text not null,
    user_id text not null,
    name_sealed text not null,
    tickets integer not null,
    entered_at bigint not null,
    left_at bigint,
    primary key (giveaway, member)
);
create index giveaway_entries_member on giveaway_entries (member);

create table giveaway_list (
    giveaway text not null references giveaways (id),
    commitment text not null,
    tickets integer not null,
    member text,
    rank integer,
    primary key (giveaway, commitment)
);
create index giveaway_list_rank on giveaway_list (giveaway, rank) where rank is not null;

create table brands (
    id text primary key,
    community text not null references communities (id),
    name text not null,
    created_at bigint not null,
    unique (community, name)
);

create table brand_people (
    brand text not null references brands (id),
    member text not null references members (id),
    primary key (brand, member)
);

create table campaigns (
    id text primary key,
    community text not null references communities (id),
    brand text not null references brands (id),
    disclosure_bn text not null,
    disclosure_en text not null,
    key_sealed text not null,
    starts_at bigint not null,
    ends_at bigint
);
create index campaigns_brand on campaigns (brand);

create table links (
    id text primary key,
    slug text not null unique,
    community text not null references communities (id),
    campaign text not null references campaigns (id),
    destination text not null,
    placement text not null,
    created_at bigint not null,
    ended_at bigint
);
create index links_community on links (community);

create table link_tokens (
    token text primary key,
    link text not null references links (id),
    member text not null references members (id),
    platform text not null,
    issued_at bigint not null,
    clicked_at bigint
);
create index link_tokens_member on link_tokens (member);

create table clicks (
    id text primary key,
    link text not null references links (id),
    at bigint not null,
    class text not null,
    reason text not null,
    ruleset text not null,
    platform text,
    who text,
    device text not null,
    browser text not null,
    os text not null,
    referrer text,
    forwarded integer not null
);
create index clicks_link on clicks (link, at);

create table click_totals (
    link text not null references links (id),
    day text not null,
    platform text not null,
    class text not null,
    clicks bigint not null,
    primary key (link, day, platform, class)
);
