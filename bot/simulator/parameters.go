package simulator

import (
	"maps"
	"slices"
	"strings"
)

// Parameters that many methods take.
const (
	sending = "allow_paid_broadcast business_connection_id direct_messages_topic_id disable_notification message_effect_id " +
		"message_thread_id protect_content reply_markup reply_parameters suggested_post_parameters " +
		"reply_to_message_id allow_sending_without_reply disable_web_page_preview" // the last three are old, but still read
	captioned = "caption caption_entities parse_mode"
	editing   = "business_connection_id inline_message_id reply_markup"
)

// optional are the parameters of each method besides those it needs, in Bot
// API 10.3.
var optional = map[string]string{
	"getUpdates":                      "allowed_updates limit offset timeout",
	"setWebhook":                      "allowed_updates certificate drop_pending_updates ip_address max_connections secret_token url",
	"deleteWebhook":                   "drop_pending_updates",
	"sendMessage":                     sending + " entities ephemeral_message_parameters link_preview_options parse_mode",
	"sendPhoto":                       sending + " " + captioned + " ephemeral_message_parameters has_spoiler show_caption_above_media",
	"sendDocument":                    sending + " " + captioned + " disable_content_type_detection ephemeral_message_parameters thumbnail",
	"sendVideo":                       sending + " " + captioned + " cover duration ephemeral_message_parameters has_spoiler height show_caption_above_media start_timestamp supports_streaming thumbnail width",
	"sendAnimation":                   sending + " " + captioned + " duration ephemeral_message_parameters has_spoiler height show_caption_above_media thumbnail width",
	"sendAudio":                       sending + " " + captioned + " duration ephemeral_message_parameters performer thumbnail title",
	"sendVoice":                       sending + " " + captioned + " duration ephemeral_message_parameters",
	"sendVideoNote":                   sending + " duration ephemeral_message_parameters length thumbnail",
	"sendSticker":                     sending + " emoji ephemeral_message_parameters",
	"sendMediaGroup":                  "allow_paid_broadcast business_connection_id direct_messages_topic_id disable_notification message_effect_id message_thread_id protect_content reply_parameters",
	"sendLocation":                    sending + " ephemeral_message_parameters heading horizontal_accuracy live_period proximity_alert_radius",
	"sendVenue":                       sending + " ephemeral_message_parameters foursquare_id foursquare_type google_place_id google_place_type",
	"sendContact":                     sending + " ephemeral_message_parameters last_name vcard",
	"sendChatAction":                  "business_connection_id message_thread_id",
	"copyMessage":                     captioned + " allow_paid_broadcast direct_messages_topic_id disable_notification message_effect_id message_thread_id protect_content reply_markup reply_parameters show_caption_above_media suggested_post_parameters video_start_timestamp",
	"copyMessages":                    "direct_messages_topic_id disable_notification message_thread_id protect_content remove_caption",
	"forwardMessage":                  "direct_messages_topic_id disable_notification message_effect_id message_thread_id protect_content suggested_post_parameters video_start_timestamp",
	"forwardMessages":                 "direct_messages_topic_id disable_notification message_thread_id protect_content",
	"editMessageText":                 editing + " entities link_preview_options parse_mode rich_message",
	"editMessageCaption":              captioned + " " + editing + " show_caption_above_media",
	"editMessageMedia":                editing,
	"editMessageReplyMarkup":          editing,
	"answerCallbackQuery":             "cache_time show_alert text url",
	"setMessageReaction":              "is_big reaction",
	"pinChatMessage":                  "business_connection_id disable_notification",
	"unpinChatMessage":                "business_connection_id message_id",
	"getChatAdministrators":           "return_bots",
	"setChatDescription":              "description",
	"banChatMember":                   "revoke_messages until_date",
	"restrictChatMember":              "until_date use_independent_chat_permissions",
	"unbanChatMember":                 "only_if_banned",
	"getUserProfilePhotos":            "limit offset",
	"createForumTopic":                "icon_color icon_custom_emoji_id",
	"editForumTopic":                  "icon_custom_emoji_id name",
	"setMyCommands":                   "language_code scope",
	"getMyCommands":                   "language_code scope",
	"deleteMyCommands":                "language_code scope",
	"setMyName":                       "language_code name",
	"getMyName":                       "language_code",
	"setMyDescription":                "description language_code",
	"getMyDescription":                "language_code",
	"setMyShortDescription":           "language_code short_description",
	"getMyShortDescription":           "language_code",
	"setChatMenuButton":               "chat_id menu_button",
	"getChatMenuButton":               "chat_id",
	"setMyDefaultAdministratorRights": "for_channels rights",
	"getMyDefaultAdministratorRights": "for_channels",
}

// ignore takes away the parameters that a method does not know, as the real
// server does without a word, and remembers them: they are a slip of the pen,
// or a keyboard that nobody will ever see.
func (r *request) ignore(m method) {
	known := set(m.needs + " " + optional[m.name])
	maps.DeleteFunc(r.params, func(name, _ string) bool {
		if known[name] {
			return false
		}
		r.ignored = append(r.ignored, name)
		return true
	})
	for name := range r.files {
		attached := func(value string) bool { return strings.Contains(value, "attach://"+name) }
		if !known[name] && !slices.ContainsFunc(slices.Collect(maps.Values(r.params)), attached) {
			r.ignored = append(r.ignored, name)
		}
	}
	slices.Sort(r.ignored)
}
