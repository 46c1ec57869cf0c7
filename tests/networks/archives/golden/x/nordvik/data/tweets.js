window.YTD.tweets.part0 = [
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000001"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "45"
      ],
      "favorite_count": "41",
      "id_str": "1700000000000000001",
      "truncated": false,
      "retweet_count": "18",
      "id": "1700000000000000001",
      "created_at": "Sun Feb 01 08:00:00 +0000 2026",
      "favorited": false,
      "full_text": "#Nordvik: Savnet mann, 72 år, &gt; ring 02800",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000002"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "45"
      ],
      "favorite_count": "120",
      "id_str": "1700000000000000002",
      "truncated": false,
      "retweet_count": "9",
      "id": "1700000000000000002",
      "created_at": "Sun Feb 01 09:10:00 +0000 2026",
      "favorited": false,
      "full_text": "@politinordvik Mannen er funnet i god behold.",
      "lang": "no",
      "in_reply_to_status_id_str": "1700000000000000001",
      "in_reply_to_status_id": "1700000000000000001",
      "in_reply_to_user_id_str": "7001",
      "in_reply_to_user_id": "7001",
      "in_reply_to_screen_name": "politinordvik"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000003"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "26"
      ],
      "favorite_count": "1",
      "id_str": "1700000000000000003",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000003",
      "created_at": "Sun Feb 01 12:00:00 +0000 2026",
      "favorited": false,
      "full_text": "@ola_n Nei, veien er åpen.",
      "lang": "no",
      "in_reply_to_status_id_str": "1699999999999999999",
      "in_reply_to_user_id_str": "8002",
      "in_reply_to_screen_name": "ola_n"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000004"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "46"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000004",
      "truncated": false,
      "retweet_count": "33",
      "id": "1700000000000000004",
      "created_at": "Mon Feb 02 06:00:00 +0000 2026",
      "favorited": false,
      "full_text": "RT @Statens_vegvesen: E6 er stengt ved Nordvik",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000005"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [],
        "media": [
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "photo",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            }
          }
        ]
      },
      "display_text_range": [
        "0",
        "33"
      ],
      "favorite_count": "7",
      "id_str": "1700000000000000005",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000005",
      "created_at": "Mon Feb 02 07:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Bilder fra øvelsen https://t.co/a",
      "lang": "no",
      "extended_entities": {
        "media": [
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "photo",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            }
          },
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "photo",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            }
          },
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "animated_gif",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            }
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000006"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [],
        "media": [
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "video",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            },
            "video_info": {
              "aspect_ratio": [
                "16",
                "9"
              ],
              "duration_millis": "14000",
              "variants": []
            }
          }
        ]
      },
      "display_text_range": [
        "0",
        "19"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000006",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000006",
      "created_at": "Mon Feb 02 08:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Film https://t.co/a",
      "lang": "und",
      "extended_entities": {
        "media": [
          {
            "expanded_url": "https://twitter.com/politinordvik/status/1/photo/1",
            "indices": [
              "10",
              "33"
            ],
            "url": "https://t.co/a",
            "media_url_https": "https://pbs.twimg.com/media/a.jpg",
            "id_str": "9",
            "type": "video",
            "sizes": {
              "small": {
                "w": "680",
                "h": "383",
                "resize": "fit"
              }
            },
            "video_info": {
              "aspect_ratio": [
                "16",
                "9"
              ],
              "duration_millis": "14000",
              "variants": []
            }
          }
        ]
      }
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000007"
          ],
          "editableUntil": "2026-01-01T00:00:00.000Z",
          "editsRemaining": "5",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": [
          {
            "url": "https://t.co/q",
            "expanded_url": "https://twitter.com/nordvikkommune/status/1699999999999999000",
            "display_url": "twitter.com/nordvikkommune…",
            "indices": [
              "20",
              "33"
            ]
          }
        ]
      },
      "display_text_range": [
        "0",
        "34"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000007",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000007",
      "created_at": "Mon Feb 02 09:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Viktig fra kommunen https://t.co/q",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "initial": {
          "editTweetIds": [
            "1700000000000000010",
            "1700000000000000011"
          ],
          "editableUntil": "2026-02-03T11:00:00.000Z",
          "editsRemaining": "4",
          "isEditEligible": true
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "17"
      ],
      "favorite_count": "0",
      "id_str": "1700000000000000010",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000010",
      "created_at": "Tue Feb 03 10:00:00 +0000 2026",
      "favorited": false,
      "full_text": "Inbrud i Storgata",
      "lang": "no"
    }
  },
  {
    "tweet": {
      "edit_info": {
        "edit": {
          "initialTweetId": "1700000000000000010",
          "editControlInitial": {
            "editTweetIds": [
              "1700000000000000010",
              "1700000000000000011"
            ],
            "editableUntil": "2026-02-03T11:00:00.000Z",
            "editsRemaining": "4",
            "isEditEligible": true
          }
        }
      },
      "retweeted": false,
      "source": "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities": {
        "hashtags": [],
        "symbols": [],
        "user_mentions": [],
        "urls": []
      },
      "display_text_range": [
        "0",
        "19"
      ],
      "favorite_count": "3",
      "id_str": "1700000000000000011",
      "truncated": false,
      "retweet_count": "0",
      "id": "1700000000000000011",
      "created_at": "Tue Feb 03 10:05:00 +0000 2026",
      "favorited": false,
      "full_text": "Innbrudd i Storgata",
      "lang": "no"
    }
  }
]