-- Rows come as one JSON array of arrays, so that a batch is one statement a table.

-- name: clicks_add!
insert into clicks (id, link, at, class, reason, ruleset, platform, who, device, browser, os,
                    referrer, forwarded, agent, otherwise, language, country, recovered)
select value->>0, value->>1, cast(value->>2 as bigint), value->>3, value->>4, value->>5, value->>6,
       value->>7, value->>8, value->>9, value->>10, value->>11, cast(value->>12 as integer),
       value->>13, value->>14, value->>15, value->>16, cast(value->>17 as integer)
from json_each(:rows);

-- name: clicks_recover
insert into clicks (id, link, at, class, reason, ruleset, platform, who, device, browser, os,
                    referrer, forwarded, agent, otherwise, language, country, recovered)
select value->>0, value->>1, cast(value->>2 as bigint), value->>3, value->>4, value->>5, value->>6,
       value->>7, value->>8, value->>9, value->>10, value->>11, cast(value->>12 as integer),
       value->>13, value->>14, value->>15, value->>16, cast(value->>17 as integer)
from json_each(:rows) where true
on conflict (id) do nothing returning id;

-- name: click_totals_add!
insert into click_totals (link, day, platform, class, clicks)
select value->>0, value->>1, value->>2, value->>3, cast(value->>4 as bigint)
from json_each(:rows) where true
on conflict (link, day, platform, class) do update
set clicks = click_totals.clicks + excluded.clicks;

-- name: click_facets_add!
insert into click_facets (link, day, facet, value, clicks)
select value->>0, value->>1, value->>2, value->>3, cast(value->>4 as bigint)
from json_each(:rows) where true
on conflict (link, day, facet, value) do update
set clicks = click_facets.clicks + excluded.clicks;

-- name: click_members_add!
insert into click_members (campaign, who, first_at)
select value->>0, value->>1, cast(value->>2 as bigint) from json_each(:rows) where true
on conflict (campaign, who) do nothing;

-- name: click_visitors_add!
insert into click_visitors (campaign, day, visitor)
select value->>0, value->>1, value->>2 from json_each(:rows) where true
on conflict (campaign, day, visitor) do nothing;

-- name: click_people_add!
insert into click_people (campaign, day, people) values (:campaign, :day, :people)
on conflict (campaign, day) do update set people = click_people.people + excluded.people;

-- name: click_agents_add!
insert into click_agents (id, words, seen_at)
select value->>0, value->>1, cast(value->>2 as bigint) from json_each(:rows) where true
on conflict (id) do update set seen_at = excluded.seen_at
where click_agents.seen_at < excluded.seen_at;

-- name: links_standing
select * from sponsored_links where slug in (select value->>0 from json_each(:rows));

-- name: campaign_totals
select l.placement, t.platform, t.class, cast(sum(t.clicks) as bigint) as clicks
from links l join click_totals t on t.link = l.id
where l.community = :community and l.campaign = :campaign and t.day >= :since
group by l.placement, t.platform, t.class
order by l.placement, t.platform, t.class;

-- name: campaign_facets
select f.facet, f.value, cast(sum(f.clicks) as bigint) as clicks
from links l join click_facets f on f.link = l.id
where l.community = :community and l.campaign = :campaign and f.day >= :since
group by f.facet, f.value
order by f.facet, f.value;

-- name: campaign_people
select p.day, p.people from campaigns c join click_people p on p.campaign = c.id
where c.community = :community and c.id = :campaign and p.day >= :since
order by p.day;

-- name: campaign_members^
select count(m.who) as members from campaigns c join click_members m on m.campaign = c.id
where c.community = :community and c.id = :campaign;

-- name: clicks_forget_old!
delete from clicks where id in (
    select id from clicks where at < :before order by at limit :most
);

-- name: click_visitors_forget_old!
delete from click_visitors where (campaign, day, visitor) in (
    select campaign, day, visitor from click_visitors
    where campaign in (select id from campaigns where community = :community) and day < :before
    limit :most
);

-- name: click_agents_forget_old!
delete from click_agents where id in (
    select id from click_agents where seen_at < :before limit :most
);

-- name: day_key_get^
select key_sealed from day_keys where day = :day;

-- name: day_key_add!
insert into day_keys (day, key_sealed, made_at) values (:day, :key_sealed, :now)
on conflict (day) do nothing;

-- name: day_keys_destroy!
delete from day_keys where day < :before;
