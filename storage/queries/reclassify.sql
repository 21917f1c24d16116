-- A newer ruleset judges clicks that are kept. Rows come as one JSON array of arrays.

-- name: clicks_older
select c.id, c.at, c.link, c.class, c.platform, c.who, c.device, c.browser, c.referrer, c.language,
       c.country, c.otherwise, a.words, l.campaign, o.timezone
from clicks c
join click_agents a on a.id = c.agent
join links l on l.id = c.link
join communities o on o.id = l.community
where c.at >= :at and (c.at > :at or c.id > :id)
  and cast(c.ruleset as integer) < :ruleset and c.class not in ('head', 'prefetch')
order by c.at, c.id limit :most;

-- name: clicks_without_agent^
select count(*) as clicks from clicks
where agent is null and cast(ruleset as integer) < :ruleset
  and class not in ('head', 'prefetch', 'automation');

-- name: clicks_revise
update clicks set class = r.becomes, reason = r.why, ruleset = :ruleset
from (select value->>0 as click, value->>1 as was, value->>2 as becomes, value->>3 as why
      from json_each(:rows)) as r
where id = r.click and class = r.was and cast(ruleset as integer) < :number
returning id, who;

-- name: click_totals_clear!
delete from click_totals
where clicks = 0 and (link, day) in (select value->>0, value->>1 from json_each(:rows));

-- name: click_facets_clear!
delete from click_facets
where clicks = 0 and (link, day) in (select value->>0, value->>1 from json_each(:rows));

-- name: click_referrers
select link, day, value, clicks from click_facets
where facet = 'referrer' and (link, day) in (select value->>0, value->>1 from json_each(:rows));

-- A member whose first counted click counts no more: gone, or there since the next one.

-- name: click_members_first
select campaign, who, first_at from click_members
where (campaign, who) in (select value->>0, value->>1 from json_each(:rows));

-- name: click_members_leave!
delete from click_members
where (campaign, who) in (select value->>0, value->>1 from json_each(:rows))
  and not exists (select 1 from clicks c join links l on l.id = c.link
                  where c.who = click_members.who and l.campaign = click_members.campaign
                    and c.class = :counted);

-- name: click_members_later!
update click_members
set first_at = (select min(c.at) from clicks c join links l on l.id = c.link
                where c.who = click_members.who and l.campaign = click_members.campaign
                  and c.class = :counted)
where (campaign, who) in (select value->>0, value->>1 from json_each(:rows));

-- name: click_members_earlier!
insert into click_members (campaign, who, first_at)
select value->>0, value->>1, cast(value->>2 as bigint) from json_each(:rows) where true
on conflict (campaign, who) do update set first_at = excluded.first_at
where click_members.first_at > excluded.first_at;

-- Who a click was made by is not kept, so people are only held between one and as many as clicks.

-- name: click_people_least!
insert into click_people (campaign, day, people)
select value->>0, value->>1, 1 from json_each(:rows) where true
on conflict (campaign, day) do update set people = 1 where click_people.people < 1;

-- name: click_people_most!
update click_people
set people = (select cast(coalesce(sum(t.clicks), 0) as bigint) from click_totals t
              where t.link in (select l.id from links l where l.campaign = click_people.campaign)
                and t.day = click_people.day and t.class = :counted)
where (campaign, day) in (select value->>0, value->>1 from json_each(:rows))
  and people > (select coalesce(sum(t.clicks), 0) from click_totals t
                where t.link in (select l.id from links l where l.campaign = click_people.campaign)
                  and t.day = click_people.day and t.class = :counted);

-- name: click_revisions_add!
insert into click_revisions (campaign, was, now, ruleset, at, clicks)
select value->>0, value->>1, value->>2, :ruleset, :at, cast(value->>3 as bigint)
from json_each(:rows) where true
on conflict (campaign, ruleset, was, now) do update
set clicks = click_revisions.clicks + excluded.clicks, at = excluded.at;

-- name: click_revisions_named
select b.name as brand, c.id, c.name as campaign
from campaigns c join brands b on b.id = c.brand
where c.id in (select value->>0 from json_each(:rows)) order by b.name, c.name, c.id;

-- name: click_revisions_of
select r.ruleset, r.at, r.was, r.now, r.clicks
from campaigns c join click_revisions r on r.campaign = c.id
where c.community = :community and c.id = :campaign
order by r.at desc, r.clicks desc, r.was, r.now;
