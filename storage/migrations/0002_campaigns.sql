-- Campaigns with a name, dates, products, a goal and a coupon; links that belong to a product, lead
-- elsewhere by language and device, and remember every change.
drop view sponsored_links;

-- A brand may have several campaigns at a time.
drop index campaigns_open;

-- `name` is empty where the brand's name says enough; `goal` is the number of clicks promised;
-- `utm` is 1 when destinations carry campaign parameters. SQLite takes new conditions with a new
-- column alone: nothing sponsored is without its two labels, nothing ends before it starts.
alter table campaigns add column name text not null default ''
    check (trim(disclosure_bn) <> '' and trim(disclosure_en) <> '');
alter table campaigns add column goal integer check (ends_at is null or ends_at >= starts_at);
alter table campaigns add column coupon text;
alter table campaigns add column utm integer not null default 0;

create table products (
    id text primary key,
    campaign text not null references campaigns (id),
    name text not null,
    destination text not null,
    created_at bigint not null,
    unique (campaign, name)
);

-- A `direct` link is never a redirect of ours: its button leads to the shop, presses are counted.
alter table links add column product text references products (id);
alter table links add column direct integer not null default 0;

-- Where a link leads instead for readers of a language (bn, en) or on a device family (android, ios,
-- desktop); an empty one means any, the first that fits holds. As JSON and in the link's own row,
-- since every redirect reads them: [["bn", "android", "https://…"], …].
alter table links add column rules text not null default '';

-- The campaign whose brand gives the prize, and its label as it stands first in every post.
alter table giveaways add column campaign text references campaigns (id);
alter table giveaways add column disclosure_bn text;
alter table giveaways add column disclosure_en text
    check (campaign is null or (trim(coalesce(disclosure_bn, '')) <> ''
                                and trim(coalesce(disclosure_en, '')) <> ''));

-- What was changed when, for everyone who reads the report; `link` is null for the campaign's own.
create table campaign_changes (
    id text primary key,
    campaign text not null references campaigns (id),
    link text references links (id),
    at bigint not null,
    member text,
    field text not null,
    before text not null,
    after text not null
);
create index campaign_changes_campaign on campaign_changes (campaign, at);

-- A link with everything that must be shown beside it; it is over at `over_at`.
create view sponsored_links as
select l.id, l.slug, l.community, l.campaign, l.destination, l.placement, l.created_at,
       b.name as brand, c.disclosure_bn, c.disclosure_en, o.timezone,
       case when l.ended_at is null or c.ends_at < l.ended_at then c.ends_at else l.ended_at end
           as over_at,
       c.starts_at, c.name as campaign_name, c.utm, c.coupon, p.name as product, l.direct, l.rules
from links l
join campaigns c on c.id = l.campaign
join brands b on b.id = c.brand
join communities o on o.id = l.community
left join products p on p.id = l.product;
