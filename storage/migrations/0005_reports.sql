-- How a brand opens its report, and what is kept so that nobody can change figures afterwards.

-- An address that opens a campaign's report; only the hash of its token is kept.
create table report_links (
    id text primary key,
    hash text not null unique,
    community text not null references communities (id),
    campaign text not null references campaigns (id),
    made_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);
create index report_links_campaign on report_links (campaign);

-- A browser that has opened one; only the hash of its cookie is kept.
create table report_sessions (
    hash text primary key,
    link text not null references report_links (id),
    expires_at bigint not null
);
create index report_sessions_link on report_sessions (link);

-- When a report was opened, for the team; nothing about by whom.
create table report_openings (
    id text primary key,
    link text not null references report_links (id),
    at bigint not null
);
create index report_openings_link on report_openings (link, at);

-- The chain: one entry a day and community, later ones for a day that was corrected. All hashes in
-- hexadecimal; `previous` is that of the entry before, `signed_by` the public key of `signature`.
create table seals (
    id text primary key,
    community text not null references communities (id),
    number integer not null,
    day text not null,
    revision integer not null,
    reason text not null,
    root text not null,
    previous text not null,
    at bigint not null,
    signed_by text not null,
    signature text not null,
    unique (community, number),
    unique (community, day, revision)
);

-- A campaign's tree within an entry. `counts` is how many requests of each class it holds, as JSON.
create table sealed_campaigns (
    seal text not null references seals (id),
    campaign text not null references campaigns (id),
    nonce text not null,
    root text not null,
    counts text not null,
    primary key (seal, campaign)
);

-- Its leaves in their order, thousands a row, 32 bytes each, in base64.
create table sealed_leaves (
    seal text not null references seals (id),
    campaign text not null references campaigns (id),
    part integer not null,
    leaves text not null,
    primary key (seal, campaign, part)
);

-- What a click was hashed with. It goes with the click, or alone when its person is forgotten: then
-- nobody can tell any more what was in the leaf, which stays.
create table sealed_nonces (
    click text primary key references clicks (id) on delete cascade,
    nonce text not null
);

-- A chat of a brand into which its figures are told: each day or week. Until somebody there shows
-- the code whose hash this is, `platform` and `chat` are null. `told` is the last day told of.
create table report_cards (
    id text primary key,
    community text not null references communities (id),
    brand text not null references brands (id),
    every text not null,
    hash text not null unique,
    expires_at bigint not null,
    platform text,
    chat text,
    thread text,
    private integer,
    language text,
    told text
);
create index report_cards_brand on report_cards (brand);

-- A campaign's links, which every figure of a report is read through.
create index links_campaign on links (campaign);
