namespace MatchCluster.Api.Http;

/// <summary>
/// Refuses a search at the door when as many are inside as can be answered in time: a refusal costs nothing,
/// a search that is given up after ten seconds costs ten seconds.
/// </summary>
internal sealed class AdmissionGate(int places)
{
    private int inside;

    public int Inside => Volatile.Read(ref inside);

    public int Places => places;

    /// <summary>Takes a place, if there is one.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref inside) <= places)
        {
            return true;
        }

        Interlocked.Decrement(ref inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref inside);

    public Failure Full() => new(
        ErrorCode.Overloaded, $"{places} searches are running or waiting; ask again", TimeSpan.FromSeconds(1));
}
