-- name: report_link_add!
insert into report_links (id, hash, community, campaign, made_at, expires_at)
select :id, :hash, :community, c.id, :now, :expires_at
from campaigns c where c.community = :community and c.id = :campaign;

-- name: report_link_find^
select r.id, r.community, r.campaign, r.expires_at, r.revoked_at, o.name as creator,
       o.timezone, b.name as brand
from report_links r join communities o on o.id = r.community
join campaigns c on c.id = r.campaign join brands b on b.id = c.brand
where r.hash = :hash;

-- name: report_session_add!
insert into report_sessions (hash, link, expires_at) values (:hash, :link, :expires_at);

-- name: report_session_find^
select r.id, r.community, r.campaign, r.expires_at, r.revoked_at, o.name as creator,
       o.timezone, b.name as brand
from report_sessions s join report_links r on r.id = s.link
join communities o on o.id = r.community
join campaigns c on c.id = r.campaign join brands b on b.id = c.brand
where s.hash = :hash and r.id = :link;

-- name: report_sessions_expire!
delete from report_sessions where expires_at <= :now;

-- name: report_opened!
insert into report_openings (id, link, at)
select :id, r.id, :now from report_links r
where r.id = :link
  and not exists (select 1 from report_openings o where o.link = r.id and o.at > :since);

-- name: report_links_revoke!
update report_links set revoked_at = :now
where community = :community and campaign = :campaign and revoked_at is null
  and expires_at > :now;

-- name: report_links_of
select r.made_at, r.expires_at, r.revoked_at, count(o.id) as openings, max(o.at) as last_at
from report_links r left join report_openings o on o.link = r.id
where r.community = :community and r.campaign = :campaign
group by r.id, r.made_at, r.expires_at, r.revoked_at
order by r.made_at desc, r.id desc limit :most;

-- name: report_campaigns
select c.id, b.name as brand, c.name from campaigns c join brands b on b.id = c.brand
where c.community = :community
order by case when c.ends_at is null or c.ends_at > :now then 0 else 1 end,
         c.starts_at desc, c.id desc;
