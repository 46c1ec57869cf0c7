window.YTD.direct_messages.part0 = [
  {
    "dmConversation": {
      "conversationId": "7001-8002",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "8002",
            "reactions": [],
            "urls": [],
            "text": "Ja",
            "mediaUrls": [],
            "senderId": "7001",
            "id": "55",
            "createdAt": "2026-02-01T10:30:00.000Z"
          }
        },
        {
          "messageCreate": {
            "recipientId": "7001",
            "reactions": [],
            "urls": [],
            "text": "Kan jeg melde tips her?",
            "mediaUrls": [],
            "senderId": "8002",
            "id": "54",
            "createdAt": "2026-02-01T10:02:00.000Z"
          }
        },
        {
          "messageCreate": {
            "recipientId": "7001",
            "reactions": [],
            "urls": [],
            "text": "Hei",
            "mediaUrls": [],
            "senderId": "8002",
            "id": "53",
            "createdAt": "2026-02-01T10:00:00.000Z"
          }
        }
      ]
    }
  },
  {
    "dmConversation": {
      "conversationId": "7001-8003",
      "messages": [
        {
          "messageCreate": {
            "recipientId": "7001",
            "reactions": [],
            "urls": [],
            "text": "Hallo?",
            "mediaUrls": [],
            "senderId": "8003",
            "id": "60",
            "createdAt": "2026-02-05T23:00:00.000Z"
          }
        }
      ]
    }
  }
]