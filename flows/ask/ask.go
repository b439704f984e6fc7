// Package ask holds conversations that collect answers.
package ask
