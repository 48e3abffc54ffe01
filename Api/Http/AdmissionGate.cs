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

    /// <summary>Takes <paramref name="searches"/> places, or none at all.</summary>
    public bool TryEnter(int searches = 1)
    {
        int now = Interlocked.Add(ref inside, searches);
        if (now <= places)
        {
            return true;
        }

        Interlocked.Add(ref inside, -searches);
        return false;
    }

    public void Leave(int searches = 1) => Interlocked.Add(ref inside, -searches);

    public Failure Full() => new(
        ErrorCode.Overloaded, $"{places} searches are running or waiting; ask again", TimeSpan.FromSeconds(1));
}
