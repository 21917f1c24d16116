"""What browsers inside apps call themselves: people, all of them."""

from tests.user_agents import IPHONE, MAC, WEBVIEW, WINDOWS

PIXEL = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7 Build/UQ1A.240205.002; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/123.0.6312.40 Mobile Safari/537.36"
)
IN_APP = [
    f"{WEBVIEW} MetaIAB Facebook",
    f"{PIXEL} MetaIAB Facebook",
    f"{PIXEL} MetaIAB Messenger",
    f"{WEBVIEW} [FB_IAB/FB4A;FBAV/460.0.0.48.109;IABMV/1;]",
    f"{PIXEL} [FB_IAB/FB4A;FBAV/455.1.0.30.85;FBBV/563810331;FBCR/Grameenphone;FBLC/bn_BD;]",
    f"{WEBVIEW} [FB_IAB/Orca-Android;FBAV/455.0.0.57.109;]",
    f"{WEBVIEW} [FBAN/EMA;FBLC/bn_BD;FBAV/390.0.0.10.112;]",
    f"{WEBVIEW} [FBAN/AudienceNetworkForAndroid;FBSN/Android;FBAV/6.16.0]",
    f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/460.0.0.31.103;FBDV/iPhone14,5;FBLC/bn_IN]",
    f"{IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/454.0.0.38.107;FBLC/en_GB]",
    f"{IPHONE} Mobile/15E148 [FBAN/MessengerLiteForiOS;FBAV/454.0.0.38.107;FBID/phone]",
    f"{WEBVIEW} Instagram 328.0.0.42.90 Android (33/13; 450dpi; 1080x2208; samsung; bn_BD)",
    f"{WEBVIEW} Instagram 326.0.0.34.90 Android (30/11; 320dpi; 720x1465; vivo; V2026; en_US)",
    f"{IPHONE} Mobile/21E236 Instagram 328.1.3.32.89 (iPhone14,5; iOS 17_4_1; bn_IN; scale=3)",
    f"{WEBVIEW} Barcelona 329.0.0.32.109 Android (33/13; 420dpi; 1080x2177; samsung; bn_BD)",
    f"{IPHONE} Mobile/21E236 Barcelona 327.0.0.25.109 (iPhone13,2; iOS 17_4_1; en_GB)",
    f"{WEBVIEW} Telegram-Android/10.11.1 (Samsung SM-A135F; Android 13; SDK 33; AVERAGE)",
    f"{PIXEL} Telegram-Android/10.9.1 (Google Pixel 7; Android 14; SDK 34; HIGH)",
    f"{WEBVIEW} Viber/22.3.0.2",
    f"{IPHONE} Mobile/15E148 Viber/22.4.0",
    f"{WINDOWS} discord/1.0.9144 Chrome/120.0.6099.291 Electron/28.2.10 Safari/537.36",
    f"{MAC} discord/0.0.300 Chrome/120.0.6099.291 Electron/28.2.10 Safari/537.36",
    f"{WEBVIEW} musical_ly_2023404030 JsSdk/1.0 NetType/WIFI Channel/googleplay "
    "AppName/musical_ly app_version/34.4.3 ByteLocale/bn-BD BytedanceWebview/d8a21c6",
    f"{IPHONE} Mobile/15E148 musical_ly_34.4.0 JsSdk/2.0 NetType/4G Channel/App Store "
    "ByteLocale/en Region/BD BytedanceWebview/d8a21c6",
    f"{WEBVIEW} trill_340403 JsSdk/1.0 NetType/MOBILE AppName/trill BytedanceWebview/d8a21c6",
    f"{WEBVIEW} MicroMessenger/8.0.47.2560(0x28002F30) WeChat/arm64 Weixin NetType/WIFI",
    f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.29.9164",
    f"{WEBVIEW} [LinkedInApp]/4.1.931",
    f"{IPHONE} Mobile/15E148 Snapchat/12.85.0.40 (like Safari/8617.2.4.10.8, panda)",
    f"{WEBVIEW} Snapchat/12.84.0.41 (SM-A135F; Android 13#A135FXXU4CWI3#33; gzip; )",
    f"{IPHONE} Mobile/15E148 [Pinterest/iOS]",
    f"{WEBVIEW} [Pinterest/Android]",
    f"{IPHONE} Mobile/15E148 Twitter for iPhone/10.36",
    f"{WEBVIEW} TwitterAndroid",
    f"{IPHONE} Safari Line/14.4.0",
    f"{WEBVIEW} Line/14.5.1/IAB",
    f"{WEBVIEW} Zalo android/24040703 ZaloTheme/light ZaloLanguage/en",
    f"{WEBVIEW} imoAndroid/2024.04.2011",
    f"{IPHONE} GSA/312.0.621600450 Mobile/15E148 Safari/604.1",
    f"{WEBVIEW} GoogleApp/15.14.33.28.arm64",
    f"{WEBVIEW} KAKAOTALK/10.6.5 (INAPP)",
    f"{IPHONE} Mobile/15E148 DuckDuckGo/7",
]
