"""What preview fetchers, robots and people's browsers call themselves."""

from handlers.links.families import Device

CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36"
)
WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F Build/TP1A.220624.014; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/124.0.6367.82 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko)"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"

PREVIEWS = [
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "WhatsApp/2.24.8.78 A",
    "WhatsApp/2.2415.7 W",
    "WhatsApp/2",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookexternalhit/1.1;line-poker/1.0",
    "facebookcatalog/1.0",
    "meta-externalfetcher/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    f"{MAC} Version/11.1 Safari/605.1.15 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 x@microsoft.com",
    f"{WINDOWS} BingPreview/1.0b",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mastodon/4.2.8 (http.rb/5.1.1; +https://mastodon.example/)",
    "Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    "Mozilla/5.0 (compatible; vkShare; +http://vk.com/dev/Share)",
    "Mozilla/5.0 (compatible; Snap URL Preview Service; bot; snapchat; https://developers.snap.com)",
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Mozilla/5.0 (compatible; Yahoo Link Preview; https://help.yahoo.com/kb/mail/SLN23615.html)",
    "Synapse (bot; +https://github.com/matrix-org/synapse)",
    "Mattermost-Bot/1.1",
    "Viber",
    "Tumblr/14.0.835.186",
    "Mozilla/5.0 (compatible; XING-contenttabreceiver/2.0)",
    "Mozilla/5.0 (compatible; Misskey/2024.3.1; SummalyBot/5.1.0)",
    "Pleroma 2.6.2; https://social.example <admin@social.example>",
    "Akkoma 3.12.1; https://fedi.example",
    "Rocket.Chat/6.6 (+https://rocket.chat)",
    "ZulipURLPreview/8.3 (+https://chat.example)",
    "Mozilla/5.0 (Windows NT 6.1; rv:6.0) Gecko/20110814 Firefox/6.0 Google "
    "(+https://developers.google.com/+/web/snippet/)",
    "Mozilla/5.0 (compatible; NotionEmbedder/1.0)",
    f"{WINDOWS} Chrome/122.0.0.0 Safari/537.36 MicrosoftPreview/2.0 +https://aka.ms/preview",
    "Lemmy/0.19.3; +https://lemmy.example",
]
BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    f"{CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Googlebot-Image/1.0",
    "AdsBot-Google (+http://www.google.com/adsbot.html)",
    "Mozilla/5.0 (compatible; Google-InspectionTool/1.0;)",
    "GoogleOther",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    f"{MAC} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    f"{WINDOWS} compatible; GPTBot/1.2; +https://openai.com/gptbot",
    f"{WINDOWS} ChatGPT-User/1.0",
    "CCBot/2.0 (https://commoncrawl.org/faq/)",
    f"{CHROME} (compatible; Bytespider; spider-feedback@bytedance.com)",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Screaming Frog SEO Spider/20.1",
    "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    f"{WINDOWS} HeadlessChrome/124.0.6367.60 Safari/537.36",
    "Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1",
    f"{CHROME} Chrome-Lighthouse",
    f"{WINDOWS} Chrome/124.0.0.0 Safari/537.36 PTST/240425.1",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Mozilla/5.0 zgrab/0.x",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506",
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.31.0",
    "Python/3.11 aiohttp/3.9.5",
    "python-httpx/0.27.0",
    "Python-urllib/3.11",
    "Go-http-client/2.0",
    "okhttp/4.12.0",
    "axios/1.6.8",
    "node",
    "Apache-HttpClient/4.5.14 (Java/17.0.10)",
    "Java/17.0.10",
    "GuzzleHttp/7",
    "libwww-perl/6.72",
    "Ruby",
    "Dalvik/2.1.0 (Linux; U; Android 13; SM-A135F Build/TP1A.220624.014)",
    "Shop/41 CFNetwork/1494.0.7 Darwin/23.4.0",
    "PostmanRuntime/7.37.3",
    "Mozilla/5.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    "Mozilla/5.0 (compatible; Fetch 1.0)",
    "some-internal-checker",
    "123456",
    "Scrapy/2.11.1 (+https://scrapy.org)",
    "Mozilla/5.0 (Windows; U) HTTrack 3.0x",
    "Mozilla/5.0 (compatible; MSIE 7.0; Windows NT 6.0) OneTimeBot2",
    "Mozilla/5.0 (compatible; Linux; fast checks)",
    "Mozilla/5.0 (X11; Uptrends-Agent; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36",
    f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36 Site24x7",
    "W3C_Validator/1.3 http://validator.w3.org/services",
    f"{IPHONE} Version/16.0 Mobile/15E148 Safari/604.1 (contact: crew@measure.example)",
    "PHP/8.2.17",
    "WordPress/6.5; https://shop.example",
    "Deno/1.42.1",
    "Bun/1.1.3",
    "undici",
    "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)",
    "got (https://github.com/sindresorhus/got)",
    "Dart/3.3 (dart:io)",
    "RestSharp/110.2.0.0",
    "reqwest/0.12.3",
    "HTTPie/3.2.2",
    "insomnia/2023.5.8",
    "Symfony HttpClient/Curl",
    "Faraday v2.9.0",
    "Jakarta Commons-HttpClient/3.1",
    "Microsoft-CryptoAPI/10.0",
]
PEOPLE = [
    (CHROME, Device("phone", "chrome", "android")),
    (f"{WINDOWS} Chrome/124.0.0.0 Safari/537.36", Device("desktop", "chrome", "windows")),
    (
        f"{WINDOWS} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51",
        Device("desktop", "edge", "windows"),
    ),
    (
        f"{WINDOWS} Chrome/122.0.0.0 Safari/537.36 OPR/108.0.0.0",
        Device("desktop", "opera", "windows"),
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
        Device("desktop", "firefox", "linux"),
    ),
    (
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/124.0.0.0 Safari/537.36",
        Device("desktop", "chrome", "chromeos"),
    ),
    (f"{MAC} Version/17.4.1 Safari/605.1.15", Device("desktop", "safari", "macos")),
    (f"{IPHONE} Version/17.4.1 Mobile/15E148 Safari/604.1", Device("phone", "safari", "ios")),
    (f"{IPHONE} CriOS/124.0.6367.71 Mobile/15E148 Safari/604.1", Device("phone", "chrome", "ios")),
    (f"{IPHONE} FxiOS/125.1 Mobile/15E148 Safari/605.1.15", Device("phone", "firefox", "ios")),
    (f"{IPHONE} Mobile/15E148", Device("phone", "other", "ios")),
    (
        "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/16.6 Mobile/15E148 Safari/604.1",
        Device("tablet", "safari", "ios"),
    ),
    (
        "Mozilla/5.0 (Android 13; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0",
        Device("phone", "firefox", "android"),
    ),
    (
        "Mozilla/5.0 (Linux; Android 12; SM-T500) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/124.0.0.0 Safari/537.36",
        Device("tablet", "chrome", "android"),
    ),
    (
        CHROME.replace("Chrome/", "SamsungBrowser/24.0 Chrome/"),
        Device("phone", "samsung", "android"),
    ),
    (
        "Mozilla/5.0 (Linux; U; Android 11; en-US; Redmi 9A) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.2.1307 Mobile Safari/537.36",
        Device("phone", "uc", "android"),
    ),
    (f"{CHROME} XiaoMi/MiuiBrowser/14.9.1-gn", Device("phone", "miui", "android")),
    (f"{CHROME} HeyTapBrowser/45.10.3.1", Device("phone", "heytap", "android")),
    (f"{CHROME} PHX/15.2", Device("phone", "phoenix", "android")),
    (f"{CHROME} DuckDuckGo/5", Device("phone", "duckduckgo", "android")),
    (
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/191.308; U; bn) Presto/2.12.423 Version/12.16",
        Device("phone", "opera", "other"),
    ),
    (
        "Opera/9.80 (Android; Opera Mini/36.2.2254/191.308; U; en) Presto/2.12.423 Version/12.16",
        Device("phone", "opera", "android"),
    ),
    (
        "UCWEB/2.0 (Java; U; MIDP-2.0; en-US; nokia5130) U2/1.0.0 UCBrowser/9.4.1.482 Mobile",
        Device("phone", "uc", "other"),
    ),
    (
        "Nokia5130c-2/2.0 (07.97) Profile/MIDP-2.1 Configuration/CLDC-1.1",
        Device("phone", "other", "other"),
    ),
    (
        "Mozilla/5.0 (Mobile; LYF/F320B/LYF-F320B-001; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        Device("phone", "firefox", "kaios"),
    ),
    (
        CHROME.replace("; K)", "; CUBOT_X19)"),  # a phone, not a robot
        Device("phone", "chrome", "android"),
    ),
    (
        "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
        Device("desktop", "ie", "windows"),
    ),
    (
        f"{WEBVIEW} [FB_IAB/FB4A;FBAV/460.0.0.48.109;IABMV/1;]",
        Device("phone", "facebook", "android"),
    ),
    (f"{WEBVIEW} MetaIAB Facebook", Device("phone", "facebook", "android")),
    (
        f"{WEBVIEW} [FB_IAB/Orca-Android;FBAV/455.0.0.57.109;]",
        Device("phone", "messenger", "android"),
    ),
    (
        f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/460.0.0.31.103;FBDV/iPhone14,5;FBLC/bn_IN]",
        Device("phone", "facebook", "ios"),
    ),
    (
        f"{IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/454.0.0.38.107;FBLC/en_GB]",
        Device("phone", "messenger", "ios"),
    ),
    (
        f"{WEBVIEW} Instagram 328.0.0.42.90 Android (33/13; 450dpi; 1080x2208; samsung; bn_BD)",
        Device("phone", "instagram", "android"),
    ),
    (
        f"{IPHONE} Mobile/21E236 Instagram 328.1.3.32.89 (iPhone14,5; iOS 17_4_1; bn_IN; scale=3)",
        Device("phone", "instagram", "ios"),
    ),
    (
        f"{WEBVIEW} Telegram-Android/10.11.1 (Samsung SM-A135F; Android 13; SDK 33; AVERAGE)",
        Device("phone", "telegram", "android"),
    ),
    (f"{WEBVIEW} Viber/22.3.0.2", Device("phone", "viber", "android")),
    (
        f"{WINDOWS} discord/1.0.9144 Chrome/120.0.6099.291 Electron/28.2.10 Safari/537.36",
        Device("desktop", "discord", "windows"),
    ),
    (
        f"{WEBVIEW} musical_ly_2023404030 JsSdk/1.0 NetType/WIFI AppName/musical_ly "
        "ByteLocale/bn-BD BytedanceWebview/d8a21c6",
        Device("phone", "tiktok", "android"),
    ),
    (f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.29.9164", Device("phone", "other", "ios")),
    (f"{IPHONE} Mobile/15E148 Snapchat/12.85.0.40", Device("phone", "other", "ios")),
    (f"{IPHONE} Mobile/15E148 [Pinterest/iOS]", Device("phone", "other", "ios")),
]
