namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Finds sources and weights of a line by walking along its halves as a decoder does, sample by sample.
/// </summary>
internal sealed class WsqLineWalk
{
    private readonly bool oddLength;
    private readonly bool evenFilters;
    private readonly float[] lowFilter;
    private readonly float[] highFilter;
    private readonly int lowFirst;
    private readonly int lowLast;
    private readonly int highFirst;
    private readonly int highLast;
    private readonly List<(int Source, float Weight)>[] taps;
    private int nextLow;
    private int nextHigh;

    public WsqLineWalk(
        int length, bool highPassFirst, WsqFilters filters, List<(int Source, float Weight)>[] taps)
    {
        this.taps = taps;
        oddLength = length % 2 != 0;
        evenFilters = filters.Low.Length % 2 == 0;
        lowFilter = filters.Low;
        highFilter = evenFilters ? [.. filters.High.Select(weight => -weight)] : filters.High;
        int lows = (length + 1) / 2;
        int highs = length / 2;
        lowFirst = highPassFirst ? highs : 0;
        highFirst = highPassFirst ? 0 : lows;
        lowLast = lowFirst + lows - 1;
        highLast = highFirst + highs - 1;
    }

    /// <summary>Where a walk stands, which way it goes, and which end it has yet to repeat.</summary>
    private struct Place
    {
        public int At;
        public int Step;
        public bool RepeatFirst;
        public bool RepeatLast;
    }

    public void Run()
    {
        int lowTaps = lowFilter.Length;
        int highTaps = highFilter.Length;
        bool odd = !evenFilters;
        int lowTap = (odd ? (lowTaps - 1) / 2 : lowTaps / 2) % 2;
        int highTap = (odd ? (highTaps + 1) / 2 : highTaps / 2) % 2;
        int lowStart = odd ? (lowTaps - 1) / 4 : (lowTaps / 4) - 1;
        int highStart = odd ? ((highTaps + 1) / 4) - 1 : (highTaps / 4) - 1;

        // Filters of odd length reflect about a sample at the low side and between samples at the high one; which ends
        // repeat their sample follows from the length of the line. Filters of even length repeat both.
        Place low = new()
        {
            At = lowFirst + Math.Max(lowStart, 0),
            Step = -1,
            RepeatFirst = evenFilters && lowStart >= 0,
            RepeatLast = !oddLength,
        };
        Place high = new()
        {
            At = highFirst + Math.Max(highStart, 0),
            Step = -1,
            RepeatFirst = odd || highStart >= 0,
            RepeatLast = evenFilters || oddLength,
        };
        float highSign = evenFilters ? -1f : 1f;
        int zeros = evenFilters ? 2 : 0;
        int firstLow = lowTap;
        int firstHigh = highTap;
        for (int pair = 0; pair <= highLast - highFirst; pair++)
        {
            Low(low, firstLow, 0);
            StepOn(ref low, lowFirst);
            High(high, firstHigh, 0, highSign, zeros);
            if (StepOn(ref high, highFirst))
            {
                highSign = 1f;
            }

            firstLow = firstHigh = 1;
        }

        // The last samples: as many as an odd length and the first taps have left over.
        int before = high.Step;
        Low(low, 1, (oddLength ? 0 : 1) + (lowTap != 0 ? 1 : 0));
        if (oddLength && highTaps == 2)
        {
            high.At -= before;
            zeros = 1;
        }

        High(high, 1, (oddLength ? 0 : 1) + (highTap != 0 ? 1 : 0), highSign, zeros);
    }

    /// <summary>
    /// The start of the walks of the next pair; true where it turned round at the first sample.
    /// </summary>
    private static bool StepOn(ref Place place, int first)
    {
        bool turned = false;
        if (place.At == first)
        {
            turned = !place.RepeatFirst;
            (place.Step, place.RepeatFirst) = (place.RepeatFirst ? 0 : 1, false);
        }

        place.At += place.Step;
        return turned;
    }

    private void Low(Place start, int fromTap, int toTap)
    {
        for (int tap = fromTap; tap >= toTap; tap--)
        {
            Place place = start;
            List<(int, float)> sum = [(place.At, lowFilter[tap])];
            for (int i = tap + 2; i < lowFilter.Length; i += 2)
            {
                if (place.At == lowFirst)
                {
                    (place.Step, place.RepeatFirst) = (place.RepeatFirst ? 0 : 1, false);
                }

                if (place.At == lowLast)
                {
                    (place.Step, place.RepeatLast) = (place.RepeatLast ? 0 : -1, false);
                }

                place.At += place.Step;
                sum.Add((place.At, lowFilter[i]));
            }

            // What high-pass taps left here before is replaced, not added to.
            if (nextLow < taps.Length)
            {
                taps[nextLow] = sum;
            }

            nextLow++;
        }
    }

    private void High(Place start, int fromTap, int toTap, float sign, int zeros)
    {
        for (int tap = fromTap; tap >= toTap; tap--)
        {
            Place place = start;
            float factor = sign;
            int left = zeros;
            for (int i = tap; i < highFilter.Length; i += 2)
            {
                if (place.At == highFirst)
                {
                    factor = place.RepeatFirst ? factor : 1f;
                    (place.Step, place.RepeatFirst) = (place.RepeatFirst ? 0 : 1, false);
                }

                if (place.At == highLast)
                {
                    if (!place.RepeatLast)
                    {
                        place.Step = -1;
                        factor = evenFilters ? -1f : factor;
                    }
                    else
                    {
                        place.Step = 0;
                        place.RepeatLast = false;
                        if (evenFilters && oddLength)
                        {
                            left--;
                            factor = left;
                            place.RepeatLast = left != 0;
                        }
                    }
                }

                if (nextHigh < taps.Length)
                {
                    taps[nextHigh].Add((place.At, highFilter[i] * factor));
                }

                place.At += place.Step;
            }

            nextHigh++;
        }
    }
}
