package simulator

import "net/http"

func (s *Server) typing(chat int64, action string) {}
func (s *Server) toast(person int64, a Answer)     {}
func (s *Server) pageHandler() http.Handler        { return http.NotFoundHandler() }
