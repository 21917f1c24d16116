-- name: shop_broken^
insert into broken_shops (link, since, why) values (:link, :now, :why)
on conflict (link) do update set why = excluded.why
returning since, told_at;

-- name: shop_told^
update broken_shops set told_at = :now where link = :link and told_at is null returning link;

-- name: shop_well!
delete from broken_shops where link = :link;

-- name: shops_of_past!
delete from broken_shops where link in (
    select id from sponsored_links
    where community = :community and over_at is not null and over_at <= :now
);

-- name: links_little_opened
select i.link from links l join link_intents i on i.link = l.id
where l.community = :community and i.day = :day
group by i.link
having sum(i.intents) >= :least
   and sum(i.intents) > :part * (
       select coalesce(sum(t.clicks), 0) from click_totals t
       where t.link = i.link and t.day = :day
         and t.class in ('human', 'repeat', 'rate', 'self', 'incentivised'))
order by i.link;
