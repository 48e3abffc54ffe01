namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// How far one probe finger is from the rows of one position, nearly all of which are of other people.
/// </summary>
internal sealed class NonMatedDistances
{
    /// <summary>Rows a finger must have met before it is judged by them.</summary>
    private const int Least = 64;

    /// <summary>Rows of a segment that are looked at: more move the mean by less than 6 % of a deviation.</summary>
    public const int MostOfSegment = 256;

    private long met;
    private long sum;
    private long squares;

    public bool IsKnown => met >= Least;

    /// <summary>Whether enough are known for a finger whose every row is not compared.</summary>
    public bool AreEnough => met >= MostOfSegment;

    public double Mean => sum / (double)met;

    public double Deviation => Math.Sqrt(Math.Max(1, (squares / (double)met) - (Mean * Mean)));

    public void Add(int distance)
    {
        met++;
        sum += distance;
        squares += (long)distance * distance;
    }
}
