-- Asks tshark every filter of a file at once: a listener for each. LAB_FILTERS names the file, one expression a line;
-- the answers come out one a line, in the same order: the frames that match as ranges, `none` or `refused`.
local answers, listeners, count = {}, {}, 0
for expression in io.lines(os.getenv("LAB_FILTERS")) do
    count = count + 1
    local index = count
    local accepted, listener = pcall(Listener.new, "frame", expression)
    if accepted then
        local frames = {}
        answers[index] = frames
        listeners[index] = listener
        function listener.packet(packet) frames[#frames + 1] = packet.number end
    end
end

local function ranges(frames)
    local parts, first, last = {}, nil, nil
    local function close()
        if first then parts[#parts + 1] = first == last and tostring(first) or first .. "-" .. last end
    end
    for _, number in ipairs(frames) do
        if last and number == last + 1 then
            last = number
        else
            close()
            first, last = number, number
        end
    end
    close()
    return #parts == 0 and "none" or table.concat(parts, ",")
end

-- What tshark writes by itself before the answers ends with the first line.
-- The last listener to be drawn prints for all: a listener without a filter is always accepted.
local printer = Listener.new("frame")
local drawn = false
function printer.draw()
    if drawn then return end
    drawn = true
    print("answers")
    for index = 1, count do print(answers[index] and ranges(answers[index]) or "refused") end
end
