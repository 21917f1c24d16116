-- Every question names the community and the campaign, so that no brand reads another's figures.

-- name: figures_campaign^
select b.name as brand, c.name as campaign, o.name as creator, o.timezone, c.starts_at, c.ends_at,
       c.goal, (select min(l.created_at) from links l
                where l.campaign = c.id and l.community = :community) as published_at
from campaigns c join brands b on b.id = c.brand join communities o on o.id = c.community
where c.community = :community and c.id = :campaign;

-- name: figures_days
select t.day, t.class, cast(sum(t.clicks) as bigint) as clicks
from links l join click_totals t on t.link = l.id
where l.community = :community and l.campaign = :campaign
  and t.day >= :since and t.day <= :until
group by t.day, t.class;

-- name: figures_places
select l.placement, coalesce(p.name, '') as product, t.platform,
       cast(sum(t.clicks) as bigint) as clicks
from links l join click_totals t on t.link = l.id left join products p on p.id = l.product
where l.community = :community and l.campaign = :campaign
  and t.day >= :since and t.day <= :until and t.class = :counted
group by l.placement, p.name, t.platform;

-- name: figures_facets
select f.facet, f.value, cast(sum(f.clicks) as bigint) as clicks
from links l join click_facets f on f.link = l.id
where l.community = :community and l.campaign = :campaign
  and f.day >= :since and f.day <= :until and f.facet in ('hour', 'language', 'member')
group by f.facet, f.value;

-- name: figures_people^
select coalesce(cast(sum(p.people) as bigint), 0) as people
from campaigns c join click_people p on p.campaign = c.id
where c.community = :community and c.id = :campaign and p.day >= :since and p.day <= :until;

-- name: figures_members^
select count(m.who) as members
from campaigns c join click_members m on m.campaign = c.id
where c.community = :community and c.id = :campaign
  and m.first_at >= :first and m.first_at < :end;

-- name: figures_intents^
select coalesce(cast(sum(i.intents) as bigint), 0) as intents
from links l join link_intents i on i.link = l.id
where l.community = :community and l.campaign = :campaign
  and i.day >= :since and i.day <= :until;

-- name: figures_questions^
select coalesce(sum(d.answered), 0) as answered, coalesce(sum(d.helpful), 0) as helpful,
       coalesce(sum(d.wrong), 0) as wrong
from links l join entries e on e.link = l.slug and e.community = l.community
join question_days d on d.entry = e.id and d.community = l.community
where l.community = :community and l.campaign = :campaign
  and d.day >= :since and d.day <= :until;

-- name: figures_giveaways^
select count(g.id) as giveaways, coalesce(sum(coalesce(g.entrants, g.entered)), 0) as entrants
from giveaways g
where g.community = :community and g.campaign = :campaign
  and g.published_at >= :first and g.published_at < :end;

-- name: figures_changes
select h.at, h.field, h.before, h.after, coalesce(l.placement, '') as placement
from campaigns c join campaign_changes h on h.campaign = c.id left join links l on l.id = h.link
where c.community = :community and c.id = :campaign and h.at >= :first and h.at < :end
order by h.at, h.id;

-- name: figures_revisions
select r.at, r.ruleset, r.was, r.now, r.clicks
from campaigns c join click_revisions r on r.campaign = c.id
where c.community = :community and c.id = :campaign
order by r.at, r.ruleset, r.was, r.now;

-- name: figures_mark^
select (select coalesce(cast(sum(t.clicks) as bigint), 0)
        from links l join click_totals t on t.link = l.id
        where l.community = c.community and l.campaign = c.id) as requests,
       (select coalesce(cast(sum(i.intents) as bigint), 0)
        from links l join link_intents i on i.link = l.id
        where l.community = c.community and l.campaign = c.id) as intents,
       (select coalesce(sum(d.answered + d.helpful + d.wrong), 0)
        from links l join entries e on e.link = l.slug and e.community = l.community
        join question_days d on d.entry = e.id and d.community = l.community
        where l.community = c.community and l.campaign = c.id) as told,
       (select count(*) from campaign_changes h where h.campaign = c.id) as changes,
       (select coalesce(sum(r.clicks), 0) from click_revisions r where r.campaign = c.id) as moved
from campaigns c where c.community = :community and c.id = :campaign;
