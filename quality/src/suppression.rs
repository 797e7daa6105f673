//! What is not shown so that nobody's answers can be told: cells of few people, and others from which those could be
//! subtracted.

/// A score needs this many answers, a distribution or a list of comments more.
pub const SCORE: u64 = 5;
pub const DISTRIBUTION: u64 = 8;

/// Which cells of one row are hidden when its total is known: those of 1 to `least` - 1 people, then the smallest others
/// until the hidden ones together are at least two and as many people as `least`.
#[must_use]
pub fn row(counts: &[u64], least: u64) -> Vec<bool> {
    // The total shown beside it makes it a table of one row, whose columns' totals are its own cells.
    let mut hidden: Vec<bool> = counts.iter().map(|count| is_few(*count, least)).collect();
    while needs_another(counts.iter().copied().zip(hidden.iter().copied()), least) {
        let Some(next) = smallest(counts.iter().copied().zip(hidden.iter().copied())) else { break };
        hidden[next] = true;
    }
    hidden
}

const fn is_few(count: u64, least: u64) -> bool {
    count > 0 && count < least
}

fn needs_another(cells: impl Iterator<Item = (u64, bool)>, least: u64) -> bool {
    let (count, people) = cells.filter(|(count, hidden)| *hidden && *count > 0).fold((0, 0), |sum, cell| (sum.0 + 1, sum.1 + cell.0));
    count == 1 || (count > 0 && people < least)
}

/// The shown cell with the fewest people, empty ones aside: they hide nothing.
fn smallest(cells: impl Iterator<Item = (u64, bool)>) -> Option<usize> {
    cells.enumerate().filter(|(_, (count, hidden))| !hidden && *count > 0).min_by_key(|(_, (count, _))| *count).map(|(place, _)| place)
}

/// Which cells are hidden of a table that is shown with the totals of its rows, its columns and of everything. The answer
/// has one row and one column more, for those totals.
///
/// A hidden cell is a line between its row and its column. It can be worked out from the rest exactly when it is the
/// only line between two parts of that drawing (Gusfield 1988), so lines are added until there is none such.
#[must_use]
pub fn table(counts: &[Vec<u64>], least: u64) -> Vec<Vec<bool>> {
    let full = with_totals(counts);
    let mut hidden: Vec<Vec<bool>> = full.iter().map(|row| row.iter().map(|count| is_few(*count, least)).collect()).collect();
    loop {
        let next = thin_line(&full, &hidden, least).or_else(|| bridge(&full, &hidden));
        match next {
            Some((row, column)) => hidden[row][column] = true,
            None => return hidden,
        }
    }
}

fn with_totals(counts: &[Vec<u64>]) -> Vec<Vec<u64>> {
    let mut full: Vec<Vec<u64>> = counts.iter().map(|row| row.iter().copied().chain([row.iter().sum()]).collect()).collect();
    let columns = full.first().map_or(0, Vec::len);
    full.push((0..columns).map(|column| full.iter().map(|row| row[column]).sum()).collect());
    full
}

/// A row or column, its total shown, whose hidden cells are too few: the next cell to hide in it.
fn thin_line(full: &[Vec<u64>], hidden: &[Vec<bool>], least: u64) -> Option<(usize, usize)> {
    let (rows, columns) = (full.len(), full[0].len());
    let of_rows = (0..rows).map(|row| (0..columns).map(|column| (row, column)).collect::<Vec<_>>());
    let of_columns = (0..columns).map(|column| (0..rows).map(|row| (row, column)).collect());
    of_rows.chain(of_columns).find_map(|line: Vec<(usize, usize)>| {
        let (total, cells) = line.split_last()?;
        let state = |(row, column): &(usize, usize)| (full[*row][*column], hidden[*row][*column]);
        if hidden[total.0][total.1] || !needs_another(cells.iter().map(state), least) {
            return None;
        }
        smallest(cells.iter().map(state)).map(|place| cells[place])
    })
}

/// A hidden cell that is the only line between two parts: the smallest shown cell that also joins them.
fn bridge(full: &[Vec<u64>], hidden: &[Vec<bool>]) -> Option<(usize, usize)> {
    let cells: Vec<(usize, usize)> = (0..full.len()).flat_map(|row| (0..full[0].len()).map(move |column| (row, column))).collect();
    cells.iter().filter(|(row, column)| hidden[*row][*column]).find_map(|cut| {
        let (rows, columns) = reached_without(hidden, *cut);
        if columns[cut.1] {
            return None;
        }
        let joins = |(row, column): &&(usize, usize)| rows[*row] != columns[*column] && !hidden[*row][*column] && full[*row][*column] > 0;
        cells.iter().filter(joins).min_by_key(|(row, column)| full[*row][*column]).copied()
    })
}

/// The rows and columns that hang together with the cut cell's row when the cut cell is taken away.
fn reached_without(hidden: &[Vec<bool>], cut: (usize, usize)) -> (Vec<bool>, Vec<bool>) {
    let (mut rows, mut columns) = (vec![false; hidden.len()], vec![false; hidden[0].len()]);
    rows[cut.0] = true;
    let mut grows = true;
    while grows {
        grows = false;
        for (row, line) in hidden.iter().enumerate() {
            for (column, is_hidden) in line.iter().enumerate() {
                if *is_hidden && (row, column) != cut && rows[row] != columns[column] {
                    (rows[row], columns[column], grows) = (true, true, true);
                }
            }
        }
    }
    (rows, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_hidden_cell_gets_company() {
        assert_eq!(row(&[3, 20, 9, 40], SCORE), [true, false, true, false]);
        assert_eq!(row(&[5, 20], SCORE), [false, false]);
        assert_eq!(row(&[7, 20, 0], DISTRIBUTION), [true, true, false]);
        // Two hidden ones of two people each: their sum, known by subtraction, would be a score of four.
        assert_eq!(row(&[2, 2, 6, 30], SCORE), [true, true, true, false]);
    }

    #[test]
    fn no_cell_of_a_table_can_be_worked_out() {
        let hidden = table(&[vec![3, 20, 30], vec![25, 9, 40], vec![12, 14, 50]], SCORE);
        let count = |line: &mut dyn Iterator<Item = bool>| line.filter(|hidden| *hidden).count();
        for row in &hidden {
            assert_ne!(count(&mut row.iter().copied()), 1);
        }
        for column in 0..4 {
            assert_ne!(count(&mut hidden.iter().map(|row| row[column])), 1);
        }
    }

    #[test]
    fn two_rings_joined_by_one_cell_give_that_cell_away() {
        // Cells (0,0) (0,1) (1,0) (1,1) and (2,2) (2,3) (3,2) (3,3) are hidden in rings, and (0,2) alone between them.
        let mut counts = vec![vec![50; 4]; 4];
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3), (0, 2)] {
            counts[row][column] = 4;
        }
        let hidden = table(&counts, SCORE);
        let extra = hidden.iter().flatten().filter(|hidden| **hidden).count();
        assert!(extra > 9, "the cell between the rings could be worked out");
    }
}
