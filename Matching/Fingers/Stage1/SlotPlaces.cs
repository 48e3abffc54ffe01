namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// Which slots a row's cylinders take, so that the same slot of every template of a block has about the same
/// direction: the window of a probe cylinder then lies in few quads of all of them.
/// </summary>
/// <remarks>
/// A cylinder wants the slot at its share of the turn. The places must rise, and the largest distance between
/// a place and the wanted slot shall be as small as possible: so a place is the mean of the greatest wanted
/// slot so far and the least one to come (isotonic regression in the maximum norm). The places must not span
/// more than a turn of slots. A row of 40 cylinders leaves no gaps, so it can only be turned as a whole.
/// Slots are a circle: places count on over its seam, in both directions.
/// </remarks>
internal static class SlotPlaces
{
    /// <summary>Places lie in -<see cref="Turn"/>..2 <see cref="Turn"/>; the slot is what is left of whole turns.
    /// </summary>
    public const int Turn = Stage1Parameters.RowCylinders;

    /// <summary>A place for each cylinder, rising, the last less than a turn after the first.</summary>
    /// <param name="cylinders">The cylinders in the order of their angles.</param>
    /// <param name="places">Receives as many places.</param>
    public static void Fill(ReadOnlySpan<Stage1Cylinder> cylinders, Span<int> places)
    {
        int count = cylinders.Length;
        int most = int.MinValue;
        for (int i = 0; i < count; i++)
        {
            most = Math.Max(most, WantOf(cylinders[i].Angle) - i);
            places[i] = most;
        }

        int least = int.MaxValue;
        int sum = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            least = Math.Min(least, WantOf(cylinders[i].Angle) - i);
            places[i] = (places[i] + least) >> 1;
            sum += places[i];
        }

        int room = Turn - count;
        int lowest = count == 0 ? 0 : (int)Math.Floor(((double)sum / count) - (room / 2.0) + 0.5);
        for (int i = 0; i < count; i++)
        {
            places[i] = i + Math.Clamp(places[i], lowest, lowest + room);
        }
    }

    /// <summary>The slot at an angle's share of the turn.</summary>
    private static int WantOf(short angle) => (angle - short.MinValue) * Turn >> 16;
}
