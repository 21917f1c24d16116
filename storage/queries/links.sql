-- name: brand_add!
insert into brands (id, community, name, created_at) values (:id, :community, :name, :now)
on conflict (community, name) do nothing;

-- name: brand_find^
select id, name from brands where community = :community and lower(name) = lower(:name)
order by created_at, id limit 1;

-- name: brands_all
select id, name from brands where community = :community order by name;

-- name: brand_person_add!
insert into brand_people (brand, member) values (:brand, :member) on conflict do nothing;

-- name: brands_of_person
select b.id, b.name from brand_people p join brands b on b.id = p.brand
where p.member = :member and b.community = :community order by b.name;

-- name: campaign_open^
insert into campaigns (id, community, brand, disclosure_bn, disclosure_en, key_sealed, starts_at)
values (:id, :community, :brand, coalesce(cast(:own_bn as text), :usual_bn),
        coalesce(cast(:own_en as text), :usual_en), :key_sealed, :now)
on conflict (brand) where ends_at is null do update
set disclosure_bn = coalesce(cast(:own_bn as text), campaigns.disclosure_bn),
    disclosure_en = coalesce(cast(:own_en as text), campaigns.disclosure_en)
returning id;

-- name: campaigns_of_brand
select c.id, c.starts_at, c.ends_at from campaigns c
where c.community = :community and c.brand = :brand
  and exists (select 1 from links l where l.campaign = c.id)
order by c.starts_at desc, c.id desc limit :most;

-- name: campaign_keys
select id, key_sealed from campaigns where community = :community;

-- name: link_add^
insert into links (id, slug, community, campaign, destination, placement, created_at)
values (:id, :slug, :community, :campaign, :destination, :placement, :now)
on conflict (slug) do nothing returning id;

-- name: link_end^
update links set ended_at = :now
where community = :community and slug = :slug and ended_at is null returning id;

-- name: link_by_slug^
select * from sponsored_links where slug = :slug;

-- name: link_get^
select * from sponsored_links where community = :community and id = :id;

-- name: links_current
select * from sponsored_links
where community = :community and (over_at is null or over_at > :now)
order by created_at desc, id desc limit :most;

-- name: links_latest
select * from sponsored_links order by created_at desc limit :most;

-- name: token_unused^
select token from link_tokens
where member = :member and link = :link and platform = :platform
  and opened_by is null and issued_at > :since
order by issued_at desc limit 1;

-- name: token_add^
insert into link_tokens (token, link, member, platform, issued_at)
values (:token, :link, :member, :platform, :now)
on conflict (token) do nothing returning token;

-- name: token_take^
update link_tokens set opened_by = coalesce(opened_by, :visitor)
where token = :token and link = :link
returning platform, member, issued_at, opened_by,
          (select m.role from members m where m.id = link_tokens.member) as role,
          (select c.key_sealed from links l join campaigns c on c.id = l.campaign
           where l.id = link_tokens.link) as key_sealed;

-- name: token_see^
select platform from link_tokens where token = :token and link = :link;

-- name: tokens_of^
select count(*) as tokens from link_tokens where member = :member;

-- name: tokens_forget!
delete from link_tokens where member = :member;

-- name: click_add*!
insert into clicks (id, link, at, class, reason, ruleset, platform, who, device, browser, os,
                    referrer, forwarded)
values (:id, :link, :at, :kind, :reason, :ruleset, :platform, :who, :device, :browser, :os,
        :referrer, :forwarded);

-- name: click_recover^
insert into clicks (id, link, at, class, reason, ruleset, platform, who, device, browser, os,
                    referrer, forwarded)
values (:id, :link, :at, :kind, :reason, :ruleset, :platform, :who, :device, :browser, :os,
        :referrer, :forwarded)
on conflict (id) do nothing returning id;

-- name: click_total_add*!
insert into click_totals (link, day, platform, class, clicks)
values (:link, :day, :platform, :kind, :clicks)
on conflict (link, day, platform, class) do update
set clicks = click_totals.clicks + excluded.clicks;

-- name: clicks_of^
select count(*) as clicks from clicks where who = :who;

-- name: clicks_forget!
update clicks set who = null where who = :who;

-- name: campaign_totals
select l.placement, t.platform, t.class, cast(sum(t.clicks) as bigint) as clicks
from links l join click_totals t on t.link = l.id
where l.community = :community and l.campaign = :campaign and t.day >= :since
group by l.placement, t.platform, t.class
order by l.placement, t.platform, t.class;

-- name: clicks_forget_old!
delete from clicks
where at < :before and link in (select id from links where community = :community);
