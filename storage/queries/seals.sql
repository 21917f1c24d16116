-- name: seal_homes
select o.id, o.timezone, min(l.created_at) as began
from communities o join links l on l.community = o.id
group by o.id, o.timezone order by o.id;

-- name: seal_head^
select * from seals where community = :community order by number desc limit 1;

-- name: seal_chain
select * from seals where community = :community order by number;

-- name: seal_last_day^
select max(day) as day from seals where community = :community;

-- name: seal_counts
select s.day, s.revision, k.campaign, k.counts
from seals s left join sealed_campaigns k on k.seal = s.id
where s.community = :community and s.day >= :since
order by s.number;

-- name: seal_totals
select l.campaign, t.day, t.class, cast(sum(t.clicks) as bigint) as clicks
from links l join click_totals t on t.link = l.id
where l.community = :community and t.day >= :since and t.day <= :until
group by l.campaign, t.day, t.class;

-- name: seal_rows
select c.id, c.link, c.at, c.class, c.reason, c.ruleset, c.platform, c.who, c.device, c.browser,
       c.os, c.referrer, c.forwarded, c.language, c.country, c.recovered, l.campaign, n.nonce
from clicks c join links l on l.id = c.link left join sealed_nonces n on n.click = c.id
where l.community = :community and c.at >= :first and c.at < :end;

-- name: seal_nonces_add*!
insert into sealed_nonces (click, nonce)
select c.id, :nonce from clicks c where c.id = :click
on conflict (click) do nothing;

-- name: seal_nonces_forget!
delete from sealed_nonces
where click in (select c.id from clicks c join links l on l.id = c.link
                where c.who = :who and l.community = :community);

-- name: seal_add!
insert into seals (id, community, number, day, revision, reason, root, previous, at, signed_by,
                   signature)
values (:id, :community, :number, :day, :revision, :reason, :root, :previous, :at, :signed_by,
        :signature)
on conflict do nothing;

-- name: seal_campaign_add*!
insert into sealed_campaigns (seal, campaign, nonce, root, counts)
values (:seal, :campaign, :nonce, :root, :counts);

-- name: seal_leaves_add*!
insert into sealed_leaves (seal, campaign, part, leaves)
values (:seal, :campaign, :part, :leaves);

-- name: seal_campaigns_of
select k.* from sealed_campaigns k join seals s on s.id = k.seal
where s.community = :community and s.id = :seal order by k.campaign;

-- name: seal_leaves_of
select f.leaves from sealed_leaves f join seals s on s.id = f.seal
where s.community = :community and f.campaign = :campaign and s.id = :seal
order by f.part;

-- name: seal_history
select s.number, s.day, s.revision, s.reason, s.at, k.counts
from seals s join sealed_campaigns k on k.seal = s.id
where s.community = :community and k.campaign = :campaign
  and s.day >= :since and s.day <= :until
order by s.number;
