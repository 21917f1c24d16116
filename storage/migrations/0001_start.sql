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

-- What the team taught. `number` is how people name it, `ref` the creator's own id of an imported
-- row, `asked` its question normalised, `link` the sponsored link it is an ad for.
create table entries (
    id text primary key,
    community text not null references communities (id),
    number integer not null,
    ref text,
    asked text not null,
    helpful integer not null,
    wrong integer not null,
    created_at bigint not null,
    changed_at bigint not null,
    removed_at bigint,
    link text
);
create unique index entries_number on entries (community, number);
create unique index entries_asked on entries (community, asked) where removed_at is null;
create unique index entries_ref on entries (community, ref)
    where removed_at is null and ref is not null;

create table answers (
    entry text not null references entries (id),
    language text not null,
    answer text not null,
    primary key (entry, language)
);

-- Ways to ask for an entry; position 0 is its question.
create table phrases (
    entry text not null references entries (id),
    text text not null,
    position integer not null,
    primary key (entry, text)
);

-- What a product's card says, one row a fact: price, colours, sizes, … `value` is a whole number of
-- taka, "yes", "no", an address or plain words; `checked_at` is when somebody last saw to it.
create table facts (
    entry text not null references entries (id),
    name text not null,
    value text not null,
    checked_at bigint not null,
    primary key (entry, name)
);

-- Whose post is about which entry: a reply to that message asks about it.
create table post_entries (
    id text primary key,
    platform text not null,
    chat text not null,
    message text not null,
    entry text not null references entries (id),
    unique (platform, chat, message)
);

-- Words of a community: whoever writes `word` may mean `means`. Both are normalised.
create table synonyms (
    id text primary key,
    community text not null references communities (id),
    word text not null,
    means text not null,
    unique (community, word, means)
);

-- Counts up with every change of a community's entries or synonyms, so that indexes know they are
-- old. `care` is the step from 1 (very careful) to 5 (eager), null as long as nobody chose.
create table knowledge (
    community text primary key references communities (id),
    version bigint not null,
    last_number integer not null,
    care integer
);

-- `same` is a keyed hash of the normalised text. Kept for its buttons until it is handed to the
-- team (handed_at), then waiting until answered, with all of one `theme`, the id of the first that
-- was asked. `reason` is why the answer of `entry` was called wrong, `note_sealed` what was written
-- about it, `late_at` when the fan heard that it takes longer. The row is deleted at forget_at.
create table questions (
    id text primary key,
    community text not null references communities (id),
    member text not null references members (id),
    platform text not null,
    user_id text not null,
    chat text not null,
    thread text,
    private integer not null,
    message text,
    text_sealed text not null,
    same text not null,
    theme text,
    language text not null,
    entry text,
    reason text,
    note_sealed text,
    asked_at bigint not null,
    handed_at bigint,
    late_at bigint,
    answered_at bigint,
    forget_at bigint not null
);
create unique index questions_open on questions (member, same) where answered_at is null;
create index questions_waiting on questions (community, same)
    where handed_at is not null and answered_at is null;
create index questions_asked on questions (community, same, asked_at) where entry is not null;
create index questions_theme on questions (community, theme)
    where handed_at is not null and answered_at is null;
create index questions_forget on questions (community, forget_at);
create index questions_member on questions (member);
create index questions_message on questions (platform, chat, message) where message is not null;

-- How many questions a day ("2026-11-20", in the community's time zone): answered by an entry, called
-- helpful or wrong. `entry` is empty for what the team was handed and what it has answered.
create table question_days (
    community text not null references communities (id),
    day text not null,
    entry text not null,
    answered integer not null,
    helpful integer not null,
    wrong integer not null,
    handed integer not null,
    primary key (community, day, entry)
);

-- What a person said of an entry's answer, so that each counts once.
create table opinions (
    entry text not null,
    member text not null references members (id),
    helpful_at bigint,
    wrong_at bigint,
    primary key (entry, member)
);
create index opinions_member on opinions (member);

-- What the bot might learn, until the team decides: an entry where there is an answer, else a
-- wording of `entry`, once for each `same` (a keyed hash of the normalised text). `question` is the
-- kept one it answers; platform, chat and thread are where the answer was said for all to read. The
-- row is deleted at forget_at.
create table proposals (
    id text primary key,
    community text not null references communities (id),
    entry text,
    question text,
    same text not null,
    text_sealed text not null,
    answer_sealed text,
    platform text,
    chat text,
    thread text,
    decided_at bigint,
    forget_at bigint not null
);
create unique index proposals_wording on proposals (entry, same)
    where entry is not null and answer_sealed is null;
create index proposals_open on proposals (community, id) where decided_at is null;
create index proposals_forget on proposals (community, forget_at);

-- Whose words they are.
create table proposal_people (
    proposal text not null references proposals (id),
    member text not null references members (id),
    primary key (proposal, member)
);
create index proposal_people_member on proposal_people (member);

-- Since when the team's current notice of waiting questions counts, and since when old ones are
-- deleted by a timer.
create table question_desks (
    community text primary key references communities (id),
    noticed_at bigint,
    tidied_since bigint
);

-- A table, text or page the team brings in: shown first, then applied by a press, part by part, and
-- undone the same way. `page_sealed` is the address while it is still to be read; `applied` is how
-- many parts stand; platform and user_id are who is told. The row is deleted at forget_at.
create table imports (
    id text primary key,
    community text not null references communities (id),
    platform text,
    user_id text,
    language text not null,
    page_sealed text,
    parts integer not null,
    total integer not null,
    refused integer not null,
    left_out integer not null,
    applied integer not null,
    added integer not null,
    changed integer not null,
    started_at bigint,
    done_at bigint,
    undoing_at bigint,
    undone_at bigint,
    forget_at bigint not null
);

-- A file of all answers that may be downloaded once; `hash` is that of the token in its address.
create table downloads (
    hash text primary key,
    community text not null references communities (id),
    format text not null,
    expires_at bigint not null
);

-- `rows_sealed` is what a part brings, `before_sealed` what it took the place of.
create table import_parts (
    import text not null references imports (id),
    part integer not null,
    rows_sealed text not null,
    before_sealed text,
    applied_at bigint,
    primary key (import, part)
);

-- How many requests a day ("2026-11-20", UTC) made to the language service of ASSIST_URL.
create table assist_days (
    day text primary key,
    requests integer not null
);

-- A draft has no published_at. entered is how many are in, changes counts entering and leaving,
-- counted is where it stood when the public count was last renewed. secret is what a draw revealed.
create table giveaways (
    id text primary key,
    community text not null references communities (id),
    prize text not null,
    winners integer not null,
    hours integer not null,
    created_at bigint not null,
    published_at bigint,
    closes_at bigint,
    params text,
    params_hash text,
    last_number integer not null,
    entered integer not null,
    changes integer not null,
    counted integer not null,
    counted_at bigint,
    ended_at bigint,
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
create index giveaways_community on giveaways (community, published_at);

-- The key of the commitments and the secret of the draw, until they are deleted.
create table giveaway_keys (
    giveaway text primary key references giveaways (id),
    key_sealed text not null,
    secret_sealed text not null
);

-- Where it was posted.
create table giveaway_places (
    giveaway text not null references giveaways (id),
    platform text not null,
    chat text not null,
    thread text,
    primary key (giveaway, platform, chat)
);

-- Who is in, with the account they entered from; private is 1 when in a private chat.
create table giveaway_entries (
    giveaway text not null references giveaways (id),
    member text not null references members (id),
    number integer not null,
    platform text not null,
    user_id text not null,
    private integer not null,
    tickets integer not null,
    entered_at bigint not null,
    left_at bigint,
    primary key (giveaway, member),
    unique (giveaway, number)
);
create index giveaway_entries_member on giveaway_entries (member);

-- The frozen list: never changed but for the rank of winners, and no person stands in it.
create table giveaway_list (
    giveaway text not null references giveaways (id),
    commitment text not null,
    tickets integer not null,
    number integer not null,
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
create unique index campaigns_open on campaigns (brand) where ends_at is null;

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

-- A link with everything that must be shown beside it; it is over at `over_at`.
create view sponsored_links as
select l.id, l.slug, l.community, l.campaign, l.destination, l.placement, l.created_at,
       b.name as brand, c.disclosure_bn, c.disclosure_en, o.timezone,
       case when l.ended_at is null or c.ends_at < l.ended_at then c.ends_at else l.ended_at end
           as over_at
from links l
join campaigns c on c.id = l.campaign
join brands b on b.id = c.brand
join communities o on o.id = l.community;

-- `opened_by` is the first visitor, a hash under a key that lives for a day and in memory alone.
create table link_tokens (
    token text primary key,
    link text not null references links (id),
    member text not null references members (id),
    platform text not null,
    issued_at bigint not null,
    opened_by text
);
create index link_tokens_member on link_tokens (member, link);

create table clicks (
    id text primary key,
    link text not null references links (id),
    at bigint not null,
    class text not null,
    reason text not null,
    ruleset text not null,
    platform text not null,
    who text,
    device text not null,
    browser text not null,
    os text not null,
    referrer text,
    forwarded integer not null
);
create index clicks_who on clicks (who) where who is not null;

create table click_totals (
    link text not null references links (id),
    day text not null,
    platform text not null,
    class text not null,
    clicks bigint not null,
    primary key (link, day, platform, class)
);
