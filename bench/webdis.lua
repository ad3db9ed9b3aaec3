-- SPDX-License-Identifier: Apache-2.0
-- Requests to Webdis for wrk: get, set, incr. Arguments: mode, number of keys.

local thread_count = 0

function setup(thread)
  thread:set("thread_index", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  mode, keys = args[1], tonumber(args[2])
  headers = " HTTP/1.1\r\nHost: " .. wrk.host .. "\r\n"
  filler = string.rep("x", 72)
  math.randomseed(os.time() + thread_index)
end

function request()
  local key = math.random(0, keys - 1)
  if mode == "get" then
    return string.format("GET /GET/k%08d%s\r\n", key, headers)
  elseif mode == "incr" then
    return string.format("GET /INCR/c%08d%s\r\n", key, headers)
  end
  return string.format(
    'PUT /SET/k%08d%sContent-Length: 100\r\n\r\n{"id":"k%08d","text":"%s"}', key, headers, key, filler)
end
