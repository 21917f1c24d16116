-- Openings as people make them: one link of four is most of them, a dozen browsers, and every
-- opening from another network, so that each is a new visitor: the dearest kind of click.
local agents, requests = {}, {}
local shares = {0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3}

function init(args)
  local long = tonumber(args[1] or "0")
  for version = 120, 125 do
    local engine = "AppleWebKit/537.36 (KHTML, like Gecko) "
    local chrome = "Chrome/" .. version .. ".0.0.0 Mobile Safari/537.36"
    agents[#agents + 1] = "Mozilla/5.0 (Linux; Android 10; K) " .. engine .. chrome
    agents[#agents + 1] = "Mozilla/5.0 (Linux; Android 13; SM-A135F; wv) " .. engine ..
      "Version/4.0 " .. chrome .. " [FB_IAB/FB4A;FBAV/460.0.0;]"
  end
  math.randomseed(os.time())
  for number = 1, 4096 do
    local agent = agents[number % #agents + 1]
    requests[number] = wrk.format("GET", string.format("/link-%02d", shares[number % #shares + 1]), {
      ["Host"] = "links.example",
      ["User-Agent"] = agent .. string.rep("x", math.max(0, long - #agent)),
      ["Accept-Language"] = "bn-BD,bn;q=0.9,en;q=0.8",
      ["Referer"] = "https://m.facebook.com/",
      ["X-Forwarded-For"] = "@@@",
    })
  end
end

function request()
  local address = string.format("%d.%d.%d.7", math.random(1, 223), math.random(0, 255),
    math.random(0, 255))
  return (requests[math.random(4096)]:gsub("@@@", address))
end
